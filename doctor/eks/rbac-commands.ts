import { stringify } from "yaml";
import type { Attempt } from "../evidence.ts";

type Command = readonly string[];

/** A binding to be made. */
export interface NewBinding {
  readonly name: string;
  readonly role: { readonly kind: string; readonly name: string };
  readonly subject: { readonly kind: "User" | "Group"; readonly name: string };
  /** Undefined: for the whole cluster. */
  readonly namespace: string | undefined;
}

/** `kubectl create rolebinding …` or `… clusterrolebinding …` */
export function createBinding({ name, role, subject, namespace }: NewBinding): Command {
  const where =
    namespace === undefined ? ["create", "clusterrolebinding"] : ["-n", namespace, "create", "rolebinding"];
  const flag = role.kind === "Role" ? "--role" : "--clusterrole";
  return [
    "kubectl",
    ...where,
    name,
    `${flag}=${role.name}`,
    `--${subject.kind.toLowerCase()}=${subject.name}`,
  ];
}

/** `kubectl create role …` or `… clusterrole …`, with the right to exactly the attempt. */
export function createRole(name: string, attempt: Attempt, namespace: string | undefined): Command {
  const { group = "", resource = "", subresource, path, verb } = attempt;
  const where = namespace === undefined ? ["create", "clusterrole"] : ["-n", namespace, "create", "role"];
  const full = `${resource}${group === "" ? "" : `.${group}`}${subresource === undefined ? "" : `/${subresource}`}`;
  const target = path === undefined ? `--resource=${full}` : `--non-resource-url=${path}`;
  return ["kubectl", ...where, name, `--verb=${verbsFor(verb).join(",")}`, target];
}

const READ = ["get", "list", "watch"];

/** Who may get may list and watch too, since kubectl does all three. */
function verbsFor(verb: string): readonly string[] {
  return READ.includes(verb) ? READ : [verb];
}

/** A name for what grants an attempt: `vouch-nodes-read`, `vouch-pods-eviction-create`. */
export function grantName({ resource = "", subresource, path, verb }: Attempt): string {
  const what =
    path === undefined ? [resource, ...(subresource === undefined ? [] : [subresource])] : ["paths"];
  return ["vouch", ...what, READ.includes(verb) ? "read" : verb].join("-").replaceAll(/[^a-z0-9-]/g, "-");
}

/** A role for exactly the attempt, and its binding to a group: a Role where it is tried in a namespace, else a ClusterRole. */
export function grantManifest(attempt: Attempt, group: string): string {
  const { namespace } = attempt;
  const name = grantName(attempt);
  const prefix = namespace === undefined ? "Cluster" : "";
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  const api = "rbac.authorization.k8s.io";
  const role = { apiVersion: `${api}/v1`, kind: `${prefix}Role`, metadata, rules: [ruleFor(attempt)] };
  const binding = {
    apiVersion: `${api}/v1`,
    kind: `${prefix}RoleBinding`,
    metadata,
    roleRef: { apiGroup: api, kind: `${prefix}Role`, name },
    subjects: [{ apiGroup: api, kind: "Group", name: group }],
  };
  return [role, binding]
    .map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join("---\n");
}

function ruleFor({ verb, group = "", resource = "", subresource, path }: Attempt): object {
  const verbs = verbsFor(verb);
  if (path !== undefined) return { nonResourceURLs: [path], verbs };
  const full = subresource === undefined ? resource : `${resource}/${subresource}`;
  return { apiGroups: [group], resources: [full], verbs };
}
