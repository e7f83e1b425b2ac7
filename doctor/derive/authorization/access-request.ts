import { defined, ownValue } from "../../../token/record.ts";
import { apiResource } from "../../eks/rbac/api-resources.ts";
import type { AccessRequest, DoctorEvidence } from "../../evidence/evidence.ts";
import type { Symptom } from "../failure/symptom.ts";
import { commandWords, flagValue } from "../kubeconfig/command-words.ts";

/** What was attempted: the permission that the denial names as missing, otherwise what the question says. */
export function accessRequestOf(
  evidence: DoctorEvidence,
  symptom: Symptom | undefined,
): AccessRequest | undefined {
  const denied = symptom?.kind === "forbidden" ? symptom.attempt : undefined;
  return denied ?? evidence.question?.attempt;
}

/**
 * Reads `VERB RESOURCE[.GROUP][/NAME] [-n NS]`, as given to `--for`, or `VERB /path`. Resources may have kubectl's short names.
 * `namespace` is that of the context, and is used unless the resource is known not to be namespaced. A namespace counts as being
 * in itself (doctor/EKS-ACCESS.md, "Words of 403"). Undefined if the text cannot be read like this.
 */
export function parseAttempt(text: string, namespace?: string): AccessRequest | undefined {
  const words = commandWords(text);
  const [verb = "", target = "", ...more] = positional(words);
  if (!/^[a-z*][a-z:-]*$/i.test(verb) || target === "") return undefined;
  if (target.startsWith("/")) return { verb: verb.toLowerCase(), path: target };

  const [typed = "", ...names] = [...target.split("/"), ...more];
  const resource = readResource(typed);
  if (resource === undefined || names.length > 2) return undefined;
  const { subresource: named, name } = subresourceAndName(resource.resource, names);
  const subresource = flagValue(words, "--subresource") ?? named;
  const given =
    isForAllNamespaces(words) || !resource.namespaced ? undefined : (namespaceFlag(words) ?? namespace);
  const inside = resource.resource === "namespaces" ? name : given;
  const { group, resource: plural } = resource;
  return defined({ verb: verb.toLowerCase(), group, resource: plural, subresource, namespace: inside, name });
}

/** As kubectl takes it: `deployments.apps/web`; behind the slash is the name of an object or a subresource. */
export function resourceWord(resource: string, group: string, behindSlash: string | undefined): string {
  return [group === "" ? resource : `${resource}.${group}`, behindSlash].filter(Boolean).join("/");
}

/** The text that {@link parseAttempt} reads back: `get pods/web-0 --subresource log -n payments`. */
export function formatAttempt({
  verb,
  group = "",
  resource = "",
  subresource,
  namespace,
  name,
  path,
}: AccessRequest): string {
  if (path !== undefined) return `${verb} ${path}`;
  return [
    verb,
    resourceWord(resource, group, name),
    ...(subresource === undefined ? [] : ["--subresource", subresource]),
    ...(namespace === undefined ? ["-A"] : ["-n", namespace]),
  ].join(" ");
}

/**
 * Reads the request out of the text of a denial: `User "U" cannot VERB resource "RES/SUB" in API group "G" in the
 * namespace "NS"`, and the older `cannot VERB RES.GROUP at the cluster scope`.
 * Source: doctor/EKS-ACCESS.md, "Words of 403".
 */
export function attemptInRefusal(plain: string): AccessRequest | undefined {
  const denied = DENIAL.exec(plain)?.groups ?? {};
  const { verb, path, resource, group, namespace, old } = denied;
  if (verb === undefined) return undefined;
  if (path !== undefined) return { verb, path };
  const [plural = "", ...below] = (resource ?? old ?? "").split("/");
  const subresource = below.length === 0 ? undefined : below.join("/");
  const [oldName = "", ...oldGroup] = old === undefined ? [plural] : plural.split(".");
  const name = NAME.exec(plain)?.groups?.["name"];
  const apiGroup = group ?? oldGroup.join(".");
  return defined({ verb, group: apiGroup, resource: oldName, subresource, namespace, name });
}

const DENIAL =
  /User "[^"]*" cannot (?<verb>\S+) (?:path "(?<path>[^"]*)"|resource "(?<resource>[^"]+)" in API group "(?<group>[^"]*)"|(?<old>[\w./-]+))(?: in the namespace "(?<namespace>[^"]*)"| at the cluster scope)?/;
const NAME = /(?:^|[\s:*])[\w.-]+ "(?<name>[^"]+)" is forbidden: User "/;

/** The subresources of a resource; every resource can also have `scale` and `status`. Source: Kubernetes API reference, 1.33. */
const SUBRESOURCES: Readonly<Record<string, readonly string[]>> = {
  certificatesigningrequests: ["approval"],
  namespaces: ["finalize"],
  nodes: ["proxy"],
  pods: [
    "attach",
    "binding",
    "ephemeralcontainers",
    "eviction",
    "exec",
    "log",
    "portforward",
    "proxy",
    "resize",
  ],
  serviceaccounts: ["token"],
  services: ["proxy"],
};

/** Words that are neither flags nor their values. */
export function positional(words: readonly string[]): string[] {
  const valued = ["-n", "--namespace", "--subresource", "--context", "--kubeconfig", "--as", "--as-group"];
  return words.filter((word, index) => !word.startsWith("-") && !valued.includes(words[index - 1] ?? ""));
}

/** Whether a command line is about all namespaces. */
export function isForAllNamespaces(words: readonly string[]): boolean {
  return words.some((word) => word === "-A" || word === "--all-namespaces");
}

/** The namespace that a command line names, also as in `-nweb`. */
export function namespaceFlag(words: readonly string[]): string | undefined {
  const glued = words.find((word) => /^-n[a-z0-9]/.test(word));
  return flagValue(words, "-n", "--namespace") ?? glued?.slice(2);
}

function readResource(
  typed: string,
):
  | { readonly resource: string; readonly group: string | undefined; readonly namespaced: boolean }
  | undefined {
  if (!/^[\w*-]+(?:\.[\w.-]+)?$/.test(typed)) return undefined;
  const [first = "", ...rest] = typed.split(".");
  const group = rest.length === 0 ? undefined : rest.join(".");
  const known = apiResource(first);
  if (known === undefined || (group !== undefined && group !== known.group)) {
    return { resource: first.toLowerCase(), group, namespaced: true };
  }
  return { resource: known.name, group: known.group, namespaced: known.namespaced };
}

function subresourceAndName(
  resource: string,
  names: readonly string[],
): { readonly subresource: string | undefined; readonly name: string | undefined } {
  const last = names.at(-1) ?? "";
  const isSub = ["scale", "status", ...(ownValue(SUBRESOURCES, resource) ?? [])].includes(last);
  const name = isSub && names.length === 1 ? undefined : names[0];
  return { subresource: isSub ? last : undefined, name };
}

/** Why a question cannot be answered. */
interface AttemptFault {
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
  return (
    optionFault(words) ??
    verbFault(verb, target) ??
    resourceFault(target) ??
    nameFault(words) ??
    strayFault(words)
  );
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

/** Without a group, only a built-in resource can be meant. */
function resourceFault(target: string): AttemptFault | undefined {
  const [resource = ""] = target.split("/");
  if (!/^[a-z-]+$/i.test(resource) || apiResource(resource) !== undefined || OF_RBAC.test(resource))
    return undefined;
  return {
    why: `--for: ${resource} is not a built-in resource; a custom one needs its API group (${resource}.GROUP)`,
  };
}

/** What only occurs in permissions. */
const OF_RBAC = /^(?:users|groups|uids|userextras|signers)$/i;

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
  const [name] = more;
  // Such a word is most likely a namespace: a list is not of one object.
  if (stray === undefined && name !== undefined && /^(?:list|watch|deletecollection)$/i.test(verb))
    return {
      why: `--for: ${verb} does not accept the name of an object (${name})`,
      meant: `${verb} ${target} -n ${namespaceFlag(words) ?? name}`,
    };
  if (stray === undefined) return undefined;
  const namespace = more.find(
    (word, index) => !STRAY.test(word) && BEFORE_NAMESPACE.test(more[index - 1] ?? ""),
  );
  const meant = namespace === undefined ? undefined : `${verb} ${target} -n ${namespace}`;
  return defined({ why: `--for does not accept the word ${stray}`, meant });
}
