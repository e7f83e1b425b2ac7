import assert from "node:assert/strict";
import { bindingsIn, bindingVerdict, subjectFor } from "../../../../doctor/derive/authorization/rbac.ts";
import type { AccessRequest, RbacObjectJson } from "../../../../doctor/evidence/evidence.ts";
import { askRbac } from "../../../lab/kube/authorization/rbac.ts";
import type { RbacBinding, RbacRole } from "../../../lab/model.ts";

/** Questions of the corpus: each cluster is asked all of them. */
const CLUSTERS = 150;

/** The same numbers on every run: a linear congruence, as in Numerical Recipes. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const VERBS = ["get", "list", "create", "*"];
const GROUPS = ["", "apps", "*"];
const RESOURCES = ["pods", "pods/log", "deployments", "deployments/scale", "*/scale", "*"];
const NAMESPACES = [undefined, "web", "ops"];
const USER = { username: "ada", groups: ["devs", "system:authenticated"] };

/** A cluster with a few roles and bindings, as the lab keeps it. */
function cluster(seed: number): { roles: RbacRole[]; bindings: RbacBinding[] } {
  const number = numbers(seed);
  const pick = <T>(list: readonly T[]): T => list[number(list.length)] as T;
  const at = (namespace: string | undefined) => (namespace === undefined ? {} : { namespace });
  const roles = ["a", "b", "c"].flatMap((name) =>
    NAMESPACES.map((namespace) => ({
      name,
      ...at(namespace),
      rules: [
        {
          verbs: [pick(VERBS)],
          apiGroups: [pick(GROUPS)],
          resources: [pick(RESOURCES)],
          ...(number(4) === 0 ? { resourceNames: ["x"] } : {}),
        },
      ],
      ...(namespace === undefined && name === "c" ? { aggregates: [{ to: "c" }] } : {}),
      ...(namespace === undefined && name !== "c" ? { labels: { to: pick(["c", "d"]) } } : {}),
    })),
  );
  const bindings = ["1", "2"].map((name) => {
    const namespace = pick(NAMESPACES);
    const kind = namespace === undefined ? "ClusterRole" : pick(["Role", "ClusterRole"] as const);
    return {
      name,
      ...at(namespace),
      roleRef: { kind, name: pick(["a", "b", "c", "gone"]) },
      subjects: [
        pick([
          { kind: "User" as const, name: "ada" },
          { kind: "Group" as const, name: "devs" },
          { kind: "Group" as const, name: "ops" },
        ]),
      ],
    };
  });
  return { roles, bindings };
}

/** The same cluster as kubectl prints it. */
function printed({ roles, bindings }: ReturnType<typeof cluster>): RbacObjectJson[] {
  const prefix = (namespace: string | undefined) => (namespace === undefined ? "Cluster" : "");
  return [
    ...roles.map(({ name, namespace, labels, rules, aggregates }) => ({
      kind: `${prefix(namespace)}Role`,
      metadata: { name, ...(namespace && { namespace }), ...(labels && { labels }) },
      rules: aggregates === undefined ? rules : [],
      ...(aggregates && {
        aggregationRule: { clusterRoleSelectors: aggregates.map((matchLabels) => ({ matchLabels })) },
      }),
    })),
    ...bindings.map(({ name, namespace, roleRef, subjects }) => ({
      kind: `${prefix(namespace)}RoleBinding`,
      metadata: { name, ...(namespace && { namespace }) },
      roleRef,
      subjects,
    })),
  ];
}

function questions(): readonly AccessRequest[] {
  return ["get", "list"].flatMap((verb) =>
    [
      ["", "pods"],
      ["", "pods", "log"],
      ["apps", "deployments"],
      ["apps", "deployments", "scale"],
    ].flatMap(([group = "", resource = "", subresource]) =>
      NAMESPACES.flatMap((namespace) =>
        ["x", undefined].map((name) => ({
          verb,
          group,
          resource,
          ...(subresource && { subresource }),
          ...(namespace && { namespace }),
          ...(name && { name }),
        })),
      ),
    ),
  );
}

function isAllowed(items: readonly RbacObjectJson[], attempt: AccessRequest): boolean {
  return bindingsIn(items).some((binding) => {
    const subject = subjectFor(binding, USER);
    return subject !== undefined && bindingVerdict(items, binding, { subject, attempt }).lacks === "nothing";
  });
}

describe("bindingVerdict", () => {
  it("agrees with the lab's own RBAC on every question of a generated corpus", () => {
    const differing: unknown[] = [];
    let allowed = 0;
    for (let seed = 1; seed <= CLUSTERS; seed += 1) {
      const policy = cluster(seed);
      const items = printed(policy);
      for (const attempt of questions()) {
        const { group = "", resource = "", subresource = "", namespace = "", name = "" } = attempt;
        const asked = { verb: attempt.verb, group, version: "*", resource, subresource, namespace, name };
        const inLab = askRbac(policy, { ...USER, extra: {} }, asked).allowed;
        if (inLab) allowed += 1;
        if (inLab !== isAllowed(items, attempt)) differing.push({ seed, attempt, inLab });
      }
    }
    assert.deepEqual(differing, []);
    assert.ok(allowed > 300, `${allowed} allowed of ${CLUSTERS * questions().length}`);
  });
});
