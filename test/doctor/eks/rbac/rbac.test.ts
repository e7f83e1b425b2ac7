import assert from "node:assert/strict";
import { smallestBuiltInRole } from "../../../../doctor/eks/rbac/built-in-roles.ts";
import type { RbacObjectJson } from "../../../../doctor/evidence/evidence.ts";
import { rbacCase } from "../../../peers/corpora/rbac.ts";
import { clusterOf, rbacVectors, typedOf } from "../../../peers/corpora/rbac-vectors.ts";
import {
  type AccessQuestion,
  doctorAnswer,
  isAuthenticated,
  labAnswer,
  withDefaults,
} from "../../../peers/corpora/rbac-world.ts";

/** Generated clusters, each asked all its questions. */
const CLUSTERS = 60;

const ADA: Pick<AccessQuestion, "user" | "groups"> = {
  user: "ada",
  groups: ["devs", "system:authenticated"],
};

function getting(resource: string): AccessQuestion {
  return { ...ADA, resourceAttributes: { verb: "get", resource, namespace: "web" } };
}

function clusterRole(name: string, resource: string, more: Partial<RbacObjectJson> = {}): RbacObjectJson {
  const rules = [{ verbs: ["get"], apiGroups: [""], resources: [resource] }];
  return { kind: "ClusterRole", metadata: { name }, rules, ...more };
}

function bound(name: string): RbacObjectJson {
  return {
    kind: "ClusterRoleBinding",
    metadata: { name: "devs" },
    roleRef: { kind: "ClusterRole", name },
    subjects: [{ kind: "Group", name: "devs" }],
  };
}

describe("the doctor's RBAC", () => {
  for (const vector of rbacVectors()) {
    it(`says what the API server's authorizer says: ${vector.name}`, () => {
      for (const items of [typedOf(vector), clusterOf(vector)]) {
        const asked = vector.asked.flatMap(({ question, answer }) =>
          isAuthenticated(question) ? [{ question, allowed: answer.allowed }] : [],
        );
        assert.deepEqual(
          asked.map(({ question }) => ({ question, allowed: doctorAnswer(items, question) === "allowed" })),
          asked,
        );
      }
    });
  }

  it("agrees with the lab's on generated clusters", () => {
    const differing: unknown[] = [];
    let allowed = 0;
    for (let seed = 1; seed <= CLUSTERS; seed += 1) {
      const { typed = [], questions } = rbacCase(seed);
      const cluster = withDefaults(typed);
      for (const question of questions.filter(isAuthenticated)) {
        const inLab = labAnswer(cluster, question).allowed;
        if (inLab) allowed += 1;
        if (doctorAnswer(typed, question) !== (inLab ? "allowed" : "denied"))
          differing.push({ seed, question });
      }
    }
    assert.deepEqual(differing, []);
    assert.ok(allowed > 300, `${allowed} allowed`);
  });

  const labels = { to: "sum" };
  const source = clusterRole("source", "pods", { metadata: { name: "source", labels } });
  const aggregationRule = { clusterRoleSelectors: [{ matchLabels: labels }] };
  const sum = (creationTimestamp: string | null) =>
    clusterRole("sum", "secrets", { metadata: { name: "sum", creationTimestamp }, aggregationRule });

  it("takes an aggregated role's rules as a cluster prints them", () => {
    const items = [source, sum("2026-01-15T08:00:00Z"), bound("sum")];
    assert.deepEqual(
      [doctorAnswer(items, getting("secrets")), doctorAnswer(items, getting("pods"))],
      ["allowed", "denied"],
    );
  });

  it("collects them where nobody has made the role yet", () => {
    const items = [source, sum(null), bound("sum")];
    assert.deepEqual(
      [doctorAnswer(items, getting("secrets")), doctorAnswer(items, getting("pods"))],
      ["denied", "allowed"],
    );
  });

  it("takes no manifest without a namespace for one of the cluster", () => {
    const role = { ...clusterRole("r", "pods"), kind: "Role" };
    const items = [role, { ...bound("r"), kind: "RoleBinding", roleRef: { kind: "Role", name: "r" } }];
    const ask = (namespace: string) =>
      doctorAnswer(items, { ...ADA, resourceAttributes: { verb: "get", resource: "pods", namespace } });
    assert.deepEqual([ask("default"), ask("web")], ["allowed", "denied"]);
  });

  it("thinks a default role deleted only where the other defaults are", () => {
    const items = [bound("view")];
    const listed = withDefaults(items).filter(({ metadata }) => metadata.name !== "view");
    assert.deepEqual(
      [doctorAnswer(items, getting("pods")), doctorAnswer(listed, getting("pods"))],
      ["allowed", "denied"],
    );
  });

  it("names the smallest role for people that has a right", () => {
    const smallest = (verb: string, resource: string, more = {}) =>
      smallestBuiltInRole({ verb, resource, namespace: "web", ...more });
    assert.deepEqual(
      [
        smallest("list", "pods"),
        smallest("create", "pods", { subresource: "eviction" }),
        smallest("create", "rolebindings", { group: "rbac.authorization.k8s.io" }),
        smallest("list", "nodes"),
      ],
      ["view", "edit", "admin", undefined],
    );
  });
});
