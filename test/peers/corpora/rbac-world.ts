import { authorize } from "../../../doctor/derive/authorization/authorization.ts";
import type { Mapping } from "../../../doctor/eks/mapping/mapping.ts";
import { DEFAULT_RBAC } from "../../../doctor/eks/rbac/default-rbac.ts";
import type { AccessRequest, RbacObjectJson } from "../../../doctor/evidence/evidence.ts";
import type { Attributes } from "../../lab/kube/authorization/attributes.ts";
import { askRbac } from "../../lab/kube/authorization/rbac.ts";
import { bindingOf, roleOf } from "../../lab/kube/authorization/rbac-model.ts";

/** The spec of a SubjectAccessReview: one of the two kinds of attributes is there. An absent text is an empty one. */
export interface AccessQuestion {
  readonly user: string;
  readonly groups: readonly string[];
  readonly resourceAttributes?: {
    readonly verb: string;
    readonly group?: string;
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly nonResourceAttributes?: { readonly verb: string; readonly path: string };
}

export interface RbacAnswer {
  readonly allowed: boolean;
  /** RBAC's own words; empty when it has nothing to say. */
  readonly reason: string;
}

/** The doctor judges for those whom a cluster lets in: they have this group whether or not a question says so. */
export function isAuthenticated({ groups }: AccessQuestion): boolean {
  return groups.includes("system:authenticated");
}

/** What a cluster has that began with the defaults. Objects of the same kind, namespace and name replace them. */
export function withDefaults(objects: readonly RbacObjectJson[]): RbacObjectJson[] {
  const keyOf = ({ kind, metadata }: RbacObjectJson) =>
    `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
  const own = new Set(objects.map(keyOf));
  return [...objects, ...DEFAULT_RBAC.filter((object) => !own.has(keyOf(object)))];
}

/** Objects as a cluster prints them: each has the time when it was made. */
export function printed(objects: readonly RbacObjectJson[]): RbacObjectJson[] {
  return objects.map((object) => ({
    ...object,
    metadata: { ...object.metadata, creationTimestamp: "2026-01-15T08:00:00Z" },
  }));
}

/** What the doctor says to somebody whom aws-auth maps, with these objects for evidence. */
export function doctorAnswer(items: readonly RbacObjectJson[], question: AccessQuestion) {
  const { user: username, groups } = question;
  const found = authorize({
    evidence: {
      apiVersion: "vouch.kubectl/v1",
      kind: "DoctorEvidence",
      gatheredAt: "2026-01-15T12:00:00Z",
      rbac: { items },
      selfSubjectReview: { status: { userInfo: { username, groups } } },
    },
    attempt: attemptOf(question),
    mapping: MAPPED,
    symptom: undefined,
  });
  return found?.decision;
}

/** By aws-auth: no access policy has a say. */
const MAPPED: Mapping = {
  by: "aws-auth",
  entry: undefined,
  entriesKnown: true,
  entryIsStale: undefined,
  nearMisses: [],
  awsAuthNearMisses: [],
  awsAuth: undefined,
  awsAuthIsExcerpt: false,
  awsAuthMatch: undefined,
  username: undefined,
  groups: undefined,
};

function attemptOf({ resourceAttributes, nonResourceAttributes }: AccessQuestion): AccessRequest {
  if (nonResourceAttributes !== undefined) return nonResourceAttributes;
  const given = Object.entries(resourceAttributes ?? {}).filter(([, value]) => value !== "");
  return { verb: "", ...Object.fromEntries(given) };
}

/** What the lab's API server says, with all these objects in it. */
export function labAnswer(objects: readonly RbacObjectJson[], question: AccessQuestion): RbacAnswer {
  const policy = {
    roles: objects.filter(({ kind }) => kind.endsWith("Role")).map(roleOf),
    bindings: objects.filter(({ kind }) => kind.endsWith("Binding")).map(bindingOf),
  };
  const user = { username: question.user, groups: [...question.groups], extra: {} };
  return askRbac(policy, user, attributesOf(question));
}

function attributesOf({ resourceAttributes, nonResourceAttributes }: AccessQuestion): Attributes {
  if (nonResourceAttributes !== undefined) return nonResourceAttributes;
  const absent = { verb: "", group: "", resource: "", subresource: "", namespace: "", name: "" };
  return { ...absent, version: "*", ...resourceAttributes };
}
