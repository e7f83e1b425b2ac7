import { apiResource } from "../../eks/rbac/api-resources.ts";
import { commandWords } from "../kubeconfig/command-words.ts";
import { positional } from "./access-request.ts";

/** Why a question cannot be answered. */
export interface AttemptFault {
  /** A clause: `-n names no namespace`. */
  readonly why: string;
  /** The verbs that exist, if the verb is wrong. */
  readonly verbs?: readonly string[];
  /** The question that was probably meant. */
  readonly meant?: string;
}

/** Verbs that kubectl and controllers use; the others only occur in permissions. Source: kubernetes.io, "Authorization", 1.35. */
const VERBS = [
  ...["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"],
  ...["impersonate", "bind", "escalate", "use", "approve", "sign", "attest"],
  "request-serviceaccounts-token-audience",
  "*",
];

/** Verbs for a path: HTTP methods. Source: kubernetes.io, "Authorization", 1.35. */
const PATH_VERBS = ["get", "post", "put", "patch", "delete", "head", "options", "*"];

/** Verbs of constrained impersonation. Source: Kubernetes, KEP-5284. */
const CONFINED = /^impersonate(?::|-on:)/;

/** Options that a question accepts, and what the value of each is; undefined for those without a value. */
const OPTIONS: Readonly<Record<string, string | undefined>> = {
  "-n": "namespace",
  "--namespace": "namespace",
  "--subresource": "subresource",
  "-A": undefined,
  "--all-namespaces": undefined,
};

/** What is wrong with a question that `parseAttempt` would read, but with another meaning than intended. */
export function attemptFault(text: string): AttemptFault | undefined {
  const words = commandWords(text);
  const [verb = "", target = ""] = positional(words);
  if (target === "") return optionFault(words);
  return optionFault(words) ?? verbFault(verb, target) ?? nameFault(words) ?? strayFault(words);
}

function optionFault(words: readonly string[]): AttemptFault | undefined {
  for (const [index, word] of words.entries()) {
    if (!word.startsWith("-") || /^-n[a-z0-9]/.test(word)) continue;
    const [option = "", ...glued] = word.split("=");
    if (!Object.hasOwn(OPTIONS, option)) return { why: `--for does not support ${option}` };
    const names = OPTIONS[option];
    const value = glued.length > 0 ? glued.join("=") : words[index + 1];
    if (names !== undefined && (value === undefined || value === "" || value.startsWith("-")))
      return { why: `${option} in --for requires a ${names}` };
  }
  return undefined;
}

/** A permission on a resource that is not built in can have any verb. */
function verbFault(typed: string, target: string): AttemptFault | undefined {
  const verb = typed.toLowerCase();
  const verbs = target.startsWith("/") ? PATH_VERBS : VERBS;
  if (verbs.includes(verb) || CONFINED.test(verb)) return undefined;
  const [resource = "", ...group] = (target.split("/")[0] ?? "").split(".");
  const isOwn = group.length > 0 && apiResource(resource)?.group !== group.join(".");
  return isOwn ? undefined : { why: `${typed} in --for is not an API verb`, verbs };
}

function nameFault(words: readonly string[]): AttemptFault | undefined {
  const [, ...named] = positional(words);
  const empty = named.find((word) => !word.startsWith("/") && word.split("/").includes(""));
  return empty === undefined ? undefined : { why: `${empty} in --for does not specify an object` };
}

/** Words of a sentence before a namespace, and others that are not the name of an object. */
const BEFORE_NAMESPACE = /^(?:in|within|from|inside|namespace|ns)$/i;
const STRAY = /^(?:in|within|from|inside|namespace|ns|at|of|for|on|the|a|all|any|as|to|with|and)$/i;

/** A sentence instead of a request: `get pods in payments`. */
function strayFault(words: readonly string[]): AttemptFault | undefined {
  const [verb = "", target = "", ...more] = positional(words);
  const stray = more.find((word) => STRAY.test(word));
  if (stray === undefined) return undefined;
  const namespace = more.find(
    (word, index) => !STRAY.test(word) && BEFORE_NAMESPACE.test(more[index - 1] ?? ""),
  );
  return {
    why: `--for does not accept the word ${stray}`,
    ...(namespace === undefined ? {} : { meant: `${verb} ${target} -n ${namespace}` }),
  };
}
