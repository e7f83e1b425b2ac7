import type { KubeUser } from "./authentication/kube-identity.ts";
import type { Attributes, ResourceAttributes } from "./authorization/attributes.ts";

/** Whom a request's headers name. */
export interface WantedUser {
  readonly name: string;
  /** Empty: none. */
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/**
 * How somebody may be impersonated, as the verbs name it. Absent: `associated-node`, which is for service accounts of pods,
 * and nobody of the lab is one.
 */
export type ConstrainedMode = "arbitrary-node" | "serviceaccount" | "user-info";

/** One right that the real user must have. */
interface Demand {
  readonly question: Attributes;
  /** Refused for this reason, whoever asks. */
  readonly reason?: string;
  /** A wider right that is enough. */
  readonly unless?: Attributes;
}

const AUTHENTICATION = "authentication.k8s.io";

/** From as many values on, the right to all of them is asked for first. */
const MANY = 4;

/** The modes that fit. Source: kubernetes/apiserver 0.36, pkg/endpoints/filters/impersonation/mode.go. */
export function constrainedModes(wanted: WantedUser): readonly ConstrainedMode[] {
  const { name, uid, groups, extra } = wanted;
  const isNameOnly = uid === "" && groups.length + Object.keys(extra).length === 0;
  if (nodeOf(name) !== undefined) return isNameOnly ? ["arbitrary-node"] : [];
  if (accountOf(name) !== undefined) return isNameOnly ? ["serviceaccount"] : [];
  return ["user-info"];
}

/** What a mode demands, besides the request itself; without a mode the plain right, which knows users and groups of old. */
export function demandsOf(wanted: WantedUser, mode: ConstrainedMode | undefined): readonly Demand[] {
  const verb = mode === undefined ? "impersonate" : `impersonate:${mode}`;
  const ask = (
    resource: string,
    name: string,
    more: Partial<ResourceAttributes> = {},
  ): ResourceAttributes => ({
    ...{ verb, group: AUTHENTICATION, version: "v1", resource, subresource: "", namespace: "", name },
    ...more,
  });
  const ofOld = mode === undefined ? { group: "" } : {};
  const account = accountOf(wanted.name);
  const node = mode === undefined ? undefined : nodeOf(wanted.name);
  const groups = many(wanted.groups, mode) ? { unless: ask("groups", "*") } : {};
  const values = Object.entries(wanted.extra).flatMap(([key, list]) =>
    list.map((value) => [key, value] as const),
  );
  const extra =
    many(values, mode) || many(Object.keys(wanted.extra), mode)
      ? { unless: ask("userextras", "*", { subresource: "*" }) }
      : {};
  return [
    {
      question:
        account === undefined
          ? ask(node === undefined ? "users" : "nodes", node ?? wanted.name, ofOld)
          : ask("serviceaccounts", account.name, { ...ofOld, namespace: account.namespace }),
    },
    ...(wanted.uid === "" ? [] : [{ question: ask("uids", wanted.uid) }]),
    ...(mode !== undefined && wanted.groups.includes("system:masters") ? [noMasters(ask)] : []),
    ...wanted.groups.map((group) => ({ question: ask("groups", group, ofOld), ...groups })),
    ...(mode === undefined
      ? []
      : invalidKeys(wanted).map((reason) => ({ question: ask("userextras", ""), reason }))),
    ...values.map(([key, value]) => ({ question: ask("userextras", value, { subresource: key }), ...extra })),
  ];
}

function many(list: readonly unknown[], mode: ConstrainedMode | undefined): boolean {
  return mode !== undefined && list.length >= MANY;
}

function noMasters(ask: (resource: string, name: string) => ResourceAttributes): Demand {
  const reason = "impersonating the system:masters group is not allowed";
  return { question: ask("groups", "system:masters"), reason };
}

function invalidKeys({ extra }: WantedUser): string[] {
  return Object.keys(extra)
    .filter((key) => !/^[a-z0-9.-]+\/./.test(key))
    .map(
      (key) =>
        `impersonating an invalid key in extra is not allowed: extra.key: Invalid value: ${JSON.stringify(key)}: must be a domain-prefixed path (such as "acme.io/foo")`,
    );
}

/** Whom the request is made as. */
export function userOf(
  { name, uid, groups, extra }: WantedUser,
  mode: ConstrainedMode | undefined,
): KubeUser {
  const account = accountOf(name);
  const own =
    mode === "arbitrary-node"
      ? ["system:nodes"]
      : account !== undefined && groups.length === 0
        ? ["system:serviceaccounts", `system:serviceaccounts:${account.namespace}`]
        : groups;
  const everybody = name === "system:anonymous" ? "system:unauthenticated" : "system:authenticated";
  const all = own.includes("system:unauthenticated") ? own : [...new Set([...own, everybody])];
  return { username: name, groups: all, ...(uid !== "" && { uid }), extra };
}

function accountOf(name: string): { readonly namespace: string; readonly name: string } | undefined {
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  return namespace === undefined || account === undefined ? undefined : { namespace, name: account };
}

function nodeOf(name: string): string | undefined {
  return /^system:node:([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)$/.exec(name)?.[1];
}
