import type { AccessRequest, Question } from "../../evidence/evidence.ts";
import { commandWords } from "../kubeconfig/command-words.ts";
import { isForAllNamespaces, namespaceFlag, parseAttempt, positional } from "./access-request.ts";
import { typedNamespace } from "./namespace-meant.ts";

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

/** Verbs of kubectl for pods. Source: kubernetes/kubectl, pkg/cmd. */
const OF_PODS: Readonly<Record<string, string>> = {
  logs: "get pods --subresource log",
  exec: "create pods --subresource exec",
  cp: "create pods --subresource exec",
  attach: "create pods --subresource attach",
  "port-forward": "create pods --subresource portforward",
};

/** Flags with a value that may stand before the resource. */
const VALUED =
  /^(?:-o|-l|-c|-f|-k|-L|--output|--selector|--container|--filename|--field-selector|--sort-by|--cluster|--user)$/;

/** The namespace of a context that names none. Source: client-go, tools/clientcmd, `Namespace`. */
const DEFAULT_NAMESPACE = "default";

/** The request that a command of kubectl makes, as far as its words tell; undefined for another one, or a file. */
export function attemptOfCommand({
  question,
  context,
}: {
  readonly question: Question | undefined;
  readonly context: { readonly namespace: string | undefined } | undefined;
}): AccessRequest | undefined {
  const words = commandWords(question?.command ?? "");
  const [program = ""] = words;
  if (!/^(?:\S*\/)?kubectl(?:\.exe)?$/.test(program)) return undefined;
  const plain = words.filter((word, index) => !VALUED.test(word) && !VALUED.test(words[index - 1] ?? ""));
  const [, verb = "", target = "", name] = positional(plain);
  if (namespaceFlag(words) !== undefined && typedNamespace(words) === undefined) return undefined;
  const namespace = isForAllNamespaces(words)
    ? undefined
    : (typedNamespace(words) ?? context?.namespace ?? DEFAULT_NAMESPACE);
  const ofPods = Object.hasOwn(OF_PODS, verb) ? OF_PODS[verb] : undefined;
  if (ofPods !== undefined) return parseAttempt(ofPods, namespace);
  const ofAny = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  const [resource = ""] = target.split(",");
  if (ofAny === undefined || resource === "") return undefined;
  const isNamed = name !== undefined || resource.includes("/");
  return parseAttempt(`${verb === "get" && isNamed ? "get" : ofAny} ${resource.split("/")[0]}`, namespace);
}
