import { commaSeparated, kubectl, type Run } from "../../token/command/command.ts";
import { resourceWord } from "../derive/authorization/access-request.ts";
import {
  type AttemptCase,
  attemptMeant,
  namespaceMeant,
} from "../derive/authorization/attempt-of-command.ts";
import type { Facts } from "../derive/facts.ts";
import type { Principal } from "../eks/principal/principal.ts";
import { smallestBuiltInRole } from "../eks/rbac/built-in-roles.ts";
import { RBAC } from "../eks/rbac/rbac-rule.ts";
import {
  type AccessRequest,
  type DoctorEvidence,
  isExcerpt,
  knownValue,
  type RbacRuleJson,
} from "../evidence/evidence.ts";
import type { Action, CreateBinding } from "./fix.ts";
import { bindingManifest, yaml } from "./manifests.ts";

/** A binding to create; without a namespace, for the whole cluster. */
export function createBinding(binding: Omit<CreateBinding, "kind">): CreateBinding {
  return { kind: "create-binding", ...binding };
}

/** The name, or the next numbered one, if a binding already has it. */
export function freeBindingName(
  evidence: DoctorEvidence,
  name: string,
  namespace: string | undefined,
): string {
  const kind = namespace === undefined ? "ClusterRoleBinding" : "RoleBinding";
  const items = knownValue(evidence.rbac)?.items ?? [];
  const taken = items
    .filter((item) => item.kind === kind && item.metadata.namespace === namespace)
    .map(({ metadata }) => metadata.name);
  return freeName(name, taken);
}

/** Creates a namespace that is known not to exist, since nothing can be bound in it before. */
export function createNamespace(evidence: DoctorEvidence, namespace: string | undefined): readonly Run[] {
  const items = isExcerpt(evidence, "namespaces") ? undefined : knownValue(evidence.namespaces)?.items;
  const isMissing = items !== undefined && !items.some(({ metadata }) => metadata.name === namespace);
  return namespace !== undefined && isMissing ? [kubectl("create namespace", {}, namespace)] : [];
}

/** `kubectl create role …` or `… clusterrole …` that allows exactly the attempt. */
export function createRole(name: string, attempt: AccessRequest, namespace: string | undefined): Run {
  const { group = "", resource = "", subresource, path } = attempt;
  const full = resourceWord(resource, group, subresource);
  return kubectl(
    `create ${namespace === undefined ? "clusterrole" : "role"}`,
    {
      n: namespace,
      verb: commaSeparated(...verbsFor(attempt)),
      [path === undefined ? "resource" : "non-resource-url"]: commaSeparated(path ?? full),
    },
    name,
  );
}

const READ = ["get", "list", "watch"];

/** A permission to read is a permission to get, list and watch, since kubectl does all three; a path can only be read with get. */
function verbsFor({ verb, path }: AccessRequest): readonly string[] {
  return path === undefined && READ.includes(verb) ? READ : [verb];
}

/** A name for the role and binding that grant an attempt: `vouch-nodes-read`, `vouch-pods-eviction-create`. */
export function grantName({ resource = "", subresource, path, verb }: AccessRequest): string {
  const what =
    path === undefined ? [resource, ...(subresource === undefined ? [] : [subresource])] : ["paths"];
  return ["vouch", ...what, READ.includes(verb) ? "read" : verb].join("-").replaceAll(/[^a-z0-9-]/g, "-");
}

/** Requests that are granted together. */
export type Requests = readonly [AccessRequest, ...AccessRequest[]];

/** Roles for exactly these requests, and their bindings: a Role if the request is in a namespace, otherwise a ClusterRole. */
export function grantManifest(requests: Requests, subject: CreateBinding["subject"]): string {
  const name = grantName(requests[0]);
  const places = Map.groupBy(requests, ({ namespace }) => namespace);
  return [...places]
    .flatMap(([namespace, together]) => {
      const kind = namespace === undefined ? "ClusterRole" : "Role";
      const metadata = { name, namespace };
      const role = { apiVersion: `${RBAC}/v1`, kind, metadata, rules: together.map(ruleFor) };
      return [yaml(role), bindingManifest({ name, namespace, role: { kind, name }, subject })];
    })
    .join("---\n");
}

/** A permission to impersonate names the subject; other permissions are for all objects of a kind. */
function ruleFor(attempt: AccessRequest): RbacRuleJson {
  const { group = "", resource = "", subresource, path, name } = attempt;
  const verbs = verbsFor(attempt);
  if (path !== undefined) return { nonResourceURLs: [path], verbs };
  const full = subresource === undefined ? resource : `${resource}/${subresource}`;
  const names = attempt.verb === "impersonate" && name !== undefined ? { resourceNames: [name] } : {};
  return { apiGroups: [group], resources: [full], ...names, verbs };
}

/** A new group, and the role that is bound to it. */
interface OwnGroup {
  readonly group: string;
  /** `group vouch-dev, bound to ClusterRole view in namespace web` */
  readonly says: string;
  readonly actions: readonly Action[];
}

/** Bound where the attempt was made, to the smallest built-in role that allows the attempt, otherwise to a role of its own. */
export function ownGroup(
  facts: AttemptCase & Pick<Facts, "evidence">,
  principal: Pick<Principal, "name"> | undefined,
): OwnGroup {
  const attempt = attemptMeant(facts);
  const group = principal === undefined ? "vouch-users" : `vouch-${principal.name.toLowerCase()}`;
  const namespace = attempt === undefined ? namespaceMeant(facts) : attempt.namespace;
  const builtIn = attempt === undefined ? "view" : smallestBuiltInRole(attempt);
  const isOwnRole = attempt !== undefined && builtIn === undefined;
  const role = {
    kind: isOwnRole && namespace !== undefined ? "Role" : "ClusterRole",
    name: isOwnRole ? grantName(attempt) : (builtIn ?? "view"),
  };
  const name = freeBindingName(facts.evidence, group.replaceAll(/[^a-z0-9.-]/g, "-"), namespace);
  return {
    group,
    says: `group ${group}, bound to ${role.kind} ${role.name} ${namespace === undefined ? "on the whole cluster" : `in namespace ${namespace}`}`,
    actions: [
      ...createNamespace(facts.evidence, namespace),
      ...(isOwnRole ? [createRole(role.name, attempt, namespace)] : []),
      createBinding({ name, role, subject: { kind: "Group", name: group }, namespace }),
    ],
  };
}

/** `kubectl auth can-i create pods --subresource=exec -n web` */
export function canI({
  verb,
  group = "",
  resource = "",
  subresource,
  namespace,
  name,
  path,
}: AccessRequest): Run {
  if (path !== undefined) return kubectl("auth can-i", {}, verb, path);
  const scope = namespace === undefined ? { A: true as const } : { n: namespace };
  return kubectl("auth can-i", { subresource, ...scope }, verb, resourceWord(resource, group, name));
}

/** The name, with the first number that makes it unique if it is taken: `lab`, `lab-2`, `lab-3`. */
export function freeName(name: string, taken: Iterable<string>): string {
  const all = new Set(taken);
  const numbered = [...all].map((_, index) => `${name}-${index + 2}`);
  return [name, ...numbered].find((one) => !all.has(one)) ?? name;
}
