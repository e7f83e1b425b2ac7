import { ownValue } from "../../../token/record.ts";
import { apiResource } from "../../eks/rbac/api-resources.ts";
import { givesAll } from "../../eks/rbac/rbac-rule.ts";
import type { AccessRequest, Question } from "../../evidence/evidence.ts";
import { commandWords } from "../kubeconfig/command-words.ts";
import { isForAllNamespaces, namespaceFlag, parseAttempt, positional } from "./access-request.ts";

/** Verbs of kubectl for any resource, and the verb of the API that each needs. Source: kubernetes/kubectl, pkg/cmd. */
const VERBS: Readonly<Record<string, string>> = {
  get: "list",
  describe: "get",
  delete: "delete",
  create: "create",
  edit: "patch",
  patch: "patch",
  label: "patch",
  annotate: "patch",
};

/** Verbs of kubectl with a second word, and the request of each; the resource follows in the command where none is here. */
const OF_TWO_WORDS: Readonly<Record<string, string>> = {
  "rollout restart": "patch",
  "rollout undo": "patch",
  "rollout pause": "patch",
  "rollout resume": "patch",
  "rollout status": "list",
  "rollout history": "list",
  "set image": "patch",
  "set env": "patch",
  "set resources": "patch",
  "set serviceaccount": "patch",
  "top pods": "list pods.metrics.k8s.io",
  "top pod": "list pods.metrics.k8s.io",
  "top nodes": "list nodes.metrics.k8s.io",
  "top node": "list nodes.metrics.k8s.io",
  "create token": "create serviceaccounts --subresource token",
};

/** Verbs of kubectl for one resource, whatever it is called in the command. */
const OF_ONE: Readonly<Record<string, string>> = {
  cordon: "patch nodes",
  uncordon: "patch nodes",
  drain: "patch nodes",
  taint: "patch nodes",
  run: "create pods",
  expose: "create services",
  autoscale: "create horizontalpodautoscalers",
  events: "list events",
};

/** Verbs of kubectl for pods. Source: kubernetes/kubectl, pkg/cmd. */
const OF_PODS: Readonly<Record<string, string>> = {
  logs: "get pods --subresource log",
  exec: "create pods --subresource exec",
  cp: "create pods --subresource exec",
  attach: "create pods --subresource attach",
  "port-forward": "create pods --subresource portforward",
  debug: "patch pods --subresource ephemeralcontainers",
};

/**
 * Helm reads releases from secrets. What it installs, it writes there too, next to the objects of a chart, for which its
 * deployments stand here.
 */
const OF_HELM: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["list", "ls", "status", "history", "get"].map((verb) => [verb, "list secrets"])),
  ...Object.fromEntries(
    ["install", "upgrade", "uninstall", "delete", "rollback"].map((verb) => [
      verb,
      "create deployments.apps",
    ]),
  ),
};

/** Flags with a value that may stand before the resource. */
const VALUED =
  /^(?:-o|-l|-c|-f|-k|-L|--output|--selector|--container|--filename|--field-selector|--sort-by|--cluster|--user)$/;

interface CommandCase {
  readonly question: Question | undefined;
  readonly context: { readonly namespace: string | undefined } | undefined;
}

/** What tells which request was meant. */
export interface AttemptCase extends CommandCase {
  readonly attempt: AccessRequest | undefined;
  readonly eksCall: { readonly operation: string | undefined } | undefined;
  readonly isOtherPrincipal: boolean;
}

/** The namespace of a context that names none. Source: client-go, tools/clientcmd, `Namespace`. */
const DEFAULT_NAMESPACE = "default";

/**
 * The request that a command of kubectl or helm makes, as far as its words tell: the first that may be denied. Undefined for
 * another command, or a file.
 */
export function attemptOfCommand({ question, context }: CommandCase): AccessRequest | undefined {
  const words = commandWords(question?.command ?? "");
  const [, program = ""] = /^(?:\S*\/)?(kubectl|helm)(?:\.exe)?$/.exec(words[0] ?? "") ?? [];
  if (program === "") return undefined;
  if (namespaceFlag(words) !== undefined && typedNamespace(words) === undefined) return undefined;
  const namespace = isForAllNamespaces(words)
    ? undefined
    : (typedNamespace(words) ?? context?.namespace ?? DEFAULT_NAMESPACE);
  const plain = words.filter((word, index) => !VALUED.test(word) && !VALUED.test(words[index - 1] ?? ""));
  const [, verb = "", ...more] = positional(plain);
  const request = program === "helm" ? ownValue(OF_HELM, verb) : requestOf(verb, more);
  return request === undefined ? undefined : parseAttempt(request, namespace);
}

/** The text of a request of kubectl: its verb, and the words behind. */
function requestOf(verb: string, [target = "", ...more]: readonly string[]): string | undefined {
  // On a node, it creates a pod there.
  if (verb === "debug" && /^nodes?\//.test(target)) return "create pods";
  const whole = ownValue(OF_PODS, verb) ?? ownValue(OF_ONE, verb);
  if (whole !== undefined) return whole;
  const ofTwo = ownValue(OF_TWO_WORDS, `${verb} ${target}`);
  if (ofTwo?.includes(" ") === true) return ofTwo;
  if (ofTwo !== undefined) return requestOn(ofTwo, more);
  if (verb === "scale") return `${requestOn("patch", [target])} --subresource scale`;
  const ofAny = ownValue(VERBS, verb);
  if (ofAny === undefined) return undefined;
  const isNamed = more.length > 0 || target.includes("/");
  return requestOn(verb === "get" && isNamed ? "get" : ofAny, [target, ...more]);
}

/** A namespace is in itself, so that its name matters. */
function requestOn(verb: string, [target = "", ...names]: readonly string[]): string | undefined {
  const [first = ""] = target.split(",");
  const [resource = "", name = names[0]] = first.split("/");
  if (resource === "") return undefined;
  const isNamespace = apiResource(resource)?.name === "namespaces" && name !== undefined;
  return `${verb} ${resource}${isNamespace ? `/${name}` : ""}`;
}

/**
 * The request that a fix is to allow: what was denied or asked about, otherwise what the command makes. The context is that of the
 * person who asks: it says nothing about another user, or about a call to EKS itself. Nothing that gives all other permissions.
 */
export function attemptMeant(facts: AttemptCase): AccessRequest | undefined {
  const { attempt, eksCall, isOtherPrincipal } = facts;
  if (attempt !== undefined) return givesAll(attempt) ? undefined : attempt;
  return isOtherPrincipal || eksCall?.operation !== undefined ? undefined : attemptOfCommand(facts);
}

/** The namespace of the attempt; if nothing says what was attempted, that of the command. */
export function namespaceMeant(
  facts: CommandCase & { readonly attempt: AccessRequest | undefined },
): string | undefined {
  return facts.attempt === undefined ? namespaceOfCommand(facts) : facts.attempt.namespace;
}

/** The namespace that the command names, otherwise that of the context. */
export function namespaceOfCommand({ question, context }: CommandCase): string | undefined {
  const words = commandWords(question?.command ?? "");
  return isForAllNamespaces(words) ? undefined : (typedNamespace(words) ?? context?.namespace);
}

/** The namespace that a typed command names, unless only its shell knows it, as of `-n $NS`. */
function typedNamespace(words: readonly string[]): string | undefined {
  const name = namespaceFlag(words);
  return name !== undefined && /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name) ? name : undefined;
}
