import type { RbacObjectJson, RbacRuleJson } from "../../../doctor/evidence/evidence.ts";
import type { AccessQuestion } from "./rbac-world.ts";

/** Choices that are the same for the same seed. */
export interface Choose {
  one<T>(list: readonly T[]): T;
  /** At least one, some perhaps twice. */
  some<T>(list: readonly T[], most: number): T[];
  chance(percent: number): boolean;
}

const AUTHENTICATED = "system:authenticated";
const PEOPLE: readonly Pick<AccessQuestion, "user" | "groups">[] = [
  { user: "ada", groups: ["devs", AUTHENTICATED] },
  { user: "ada", groups: ["ops", "système", AUTHENTICATED] },
  { user: "Ada", groups: ["DEVS", AUTHENTICATED] },
  { user: 'o"brien', groups: ["devs", "ada", AUTHENTICATED] },
  { user: "", groups: [AUTHENTICATED] },
  { user: "nobody", groups: [AUTHENTICATED] },
  { user: "robot", groups: ["system:serviceaccounts:web:robot", AUTHENTICATED] },
  { user: "system:anonymous", groups: ["system:unauthenticated"] },
  ...["web", "ops"].map((namespace) => ({
    user: `system:serviceaccount:${namespace}:robot`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, AUTHENTICATED],
  })),
  { user: "system:serviceaccount::robot", groups: ["system:serviceaccounts", AUTHENTICATED] },
];
const VERBS = [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
  "bind",
  "*",
];
const GROUPS = ["", "apps", "batch", "example.com", "metrics.k8s.io", "*"];
const RESOURCES = [
  "pods",
  "deployments",
  "nodes",
  "secrets",
  "widgets",
  "namespaces",
  "serviceaccounts",
  "*",
];
const SUBRESOURCES = ["", "", "log", "scale", "exec", "token", "status", "*"];
const NAMES = ["", "", "a", "b", "*"];
const NAMESPACES = ["web", "ops", "default", "kube-system", ""];
const PATHS = [
  "/metrics",
  "/metrics/",
  "/metrics/x",
  "/healthz",
  "/foo*",
  "/foobar",
  "/aXb",
  "/a*b",
  "/",
  "",
  "*",
];

type Resource = NonNullable<AccessQuestion["resourceAttributes"]>;

/** A question: three of four are asked of somebody for what a rule grants, and some of these then changed a little. */
export function questionsOf(choose: Choose, objects: readonly RbacObjectJson[]): AccessQuestion {
  if (choose.chance(15)) return { ...choose.one(PEOPLE), ...anything(choose) };
  const bindings = objects.filter(({ kind }) => kind.endsWith("Binding"));
  const own = bindings.filter(({ metadata }) => metadata.name.length === 1);
  const binding = choose.one(choose.chance(85) ? own : bindings);
  const rule = choose.one(rulesFor(choose, objects, binding));
  const people = PEOPLE.filter((person) => binding.subjects?.some((subject) => isMeant(subject, person)));
  const person = choose.one(people.length === 0 || choose.chance(15) ? PEOPLE : people);
  return { ...person, ...granted(choose, rule, binding) };
}

/** Those of the role that a binding gives; for an aggregated one those of any. */
function rulesFor(
  choose: Choose,
  objects: readonly RbacObjectJson[],
  { roleRef, metadata }: RbacObjectJson,
): readonly RbacRuleJson[] {
  const role = objects.find(
    (object) =>
      object.kind === roleRef?.kind &&
      object.metadata.name === roleRef.name &&
      (object.kind === "ClusterRole" || object.metadata.namespace === metadata.namespace),
  );
  const isWritten = role?.aggregationRule === undefined && (role?.rules?.length ?? 0) > 0;
  const part = `system:aggregate-to-${roleRef?.name}`;
  const one = choose.chance(60) ? objects.find((object) => object.metadata.name === part) : undefined;
  const rules = isWritten ? role?.rules : (one?.rules ?? choose.one(objects.filter(hasRules)).rules);
  return rules ?? [];
}

function hasRules({ rules }: RbacObjectJson): boolean {
  return (rules?.length ?? 0) > 0;
}

function isMeant(
  { name, namespace }: NonNullable<RbacObjectJson["subjects"]>[number],
  { user, groups }: Pick<AccessQuestion, "user" | "groups">,
): boolean {
  return user === name || groups.includes(name) || user.endsWith(`:${namespace ?? ""}:${name}`);
}

/** What a rule grants, where its binding grants it; one of three times with something changed. */
function granted(choose: Choose, rule: RbacRuleJson, { metadata }: RbacObjectJson) {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const verb = concrete(choose, choose.one(verbs), VERBS);
  if (nonResourceURLs.length > 0) {
    const path = choose.one(nonResourceURLs).replace(/\*+$/, () => choose.one(["", "x", "/x/y", "*"]));
    return { nonResourceAttributes: changed(choose, { verb, path }, { verb: VERBS, path: PATHS }) };
  }
  const [resource = "", subresource = ""] = choose.one(resources).split("/");
  const asked: Required<Resource> = {
    verb,
    group: concrete(choose, choose.one(apiGroups), GROUPS),
    resource: concrete(choose, resource, RESOURCES),
    subresource: concrete(choose, subresource, SUBRESOURCES),
    namespace: metadata.namespace ?? choose.one(NAMESPACES),
    name: choose.one(resourceNames.length === 0 ? NAMES : resourceNames),
  };
  const others = {
    ...{ verb: VERBS, group: GROUPS, resource: RESOURCES, subresource: SUBRESOURCES },
    ...{ namespace: NAMESPACES, name: NAMES },
  };
  return { resourceAttributes: changed(choose, asked, others) };
}

/** What a `*` may stand for; now and then itself. */
function concrete(choose: Choose, granted: string, all: readonly string[]): string {
  return granted === "*" && choose.chance(90) ? choose.one(all) : granted;
}

function changed<T extends Readonly<Record<string, string>>>(
  choose: Choose,
  asked: T,
  others: { readonly [K in keyof T]: readonly string[] },
): T {
  if (choose.chance(65)) return asked;
  const field = choose.one(Object.keys(asked));
  return { ...asked, [field]: choose.one(others[field] ?? []) };
}

function anything(choose: Choose): Pick<AccessQuestion, "resourceAttributes" | "nonResourceAttributes"> {
  if (choose.chance(25))
    return { nonResourceAttributes: { verb: choose.one(VERBS), path: choose.one(PATHS) } };
  return {
    resourceAttributes: {
      ...{ verb: choose.one(VERBS), group: choose.one(GROUPS), resource: choose.one(RESOURCES) },
      ...{
        subresource: choose.one(SUBRESOURCES),
        namespace: choose.one(NAMESPACES),
        name: choose.one(NAMES),
      },
    },
  };
}
