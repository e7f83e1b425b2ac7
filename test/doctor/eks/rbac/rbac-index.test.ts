import assert from "node:assert/strict";
import { DEFAULT_RBAC } from "../../../../doctor/eks/rbac/default-rbac.ts";
import { bindingVerdict } from "../../../../doctor/eks/rbac/rbac.ts";
import { rbacOf } from "../../../../doctor/eks/rbac/rbac-index.ts";
import type { DoctorEvidence, RbacObjectJson } from "../../../../doctor/evidence/evidence.ts";
import { largeCluster } from "../../support/large-cluster.ts";

const ATTEMPT = { verb: "get", resource: "secrets", namespace: "team-1" };

/** The objects, and how often their kinds were looked at. */
function counted(items: readonly RbacObjectJson[]) {
  const reads = { count: 0 };
  const watched = items.map((item) =>
    Object.defineProperty({ ...item }, "kind", {
      enumerable: true,
      get: () => {
        reads.count += 1;
        return item.kind;
      },
    }),
  );
  return { watched, reads };
}

function indexOf(items: readonly RbacObjectJson[]) {
  const rbac = rbacOf({ rbac: { items } });
  assert.ok(rbac);
  return rbac;
}

describe("a default role that is not there", () => {
  const listed = DEFAULT_RBAC.filter(({ metadata }) => metadata.name !== "view");
  const mayView = (part: Pick<DoctorEvidence, "rbac" | "excerpts">) =>
    rbacOf(part)?.allows(
      { kind: "ClusterRole", name: "view" },
      { namespace: "web", attempt: { verb: "get", resource: "pods", namespace: "web" } },
    );

  it("is missing in a whole list, and left out of an excerpt or of what somebody typed", () => {
    const rbac = { items: listed };
    assert.deepEqual(
      [
        mayView({ rbac }),
        mayView({ rbac, excerpts: ["rbac"] }),
        mayView({ rbac: { items: listed.slice(0, 5) } }),
      ],
      [undefined, true, true],
    );
  });

  it("is judged kind by kind: somebody may list the bindings only", () => {
    const items = listed.filter(({ kind }) => kind === "ClusterRoleBinding");
    assert.equal(mayView({ rbac: { items } }), true);
  });
});

describe("RBAC of a large cluster", () => {
  it("is judged with so many looks at each object, however many there are", () => {
    const looks = [1000, 4000].map((size) => {
      const { watched, reads } = counted(largeCluster(size));
      const rbac = indexOf(watched);
      for (const binding of rbac.bindings) {
        bindingVerdict(rbac, binding, { subject: { kind: "Group", name: "devs" }, attempt: ATTEMPT });
      }
      return reads.count / size;
    });
    assert.ok(Math.max(...looks) <= 5, `${looks} looks at each object`);
  });

  it("ends where roles aggregate each other in every way", () => {
    const labels = { all: "yes" };
    const roles = Array.from({ length: 60 }, (_, index) => ({
      kind: "ClusterRole",
      metadata: { name: `role-${index}`, labels },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: labels }] },
      rules: index === 59 ? [{ verbs: ["get"], apiGroups: [""], resources: ["secrets"] }] : [],
    }));
    const binding = {
      kind: "ClusterRoleBinding",
      metadata: { name: "devs" },
      roleRef: { kind: "ClusterRole", name: "role-0" },
      subjects: [{ kind: "Group", name: "devs" }],
    };
    const items = [...roles, binding] as unknown as RbacObjectJson[];
    const { lacks } = bindingVerdict(indexOf(items), binding as unknown as RbacObjectJson, {
      subject: { kind: "Group", name: "devs" },
      attempt: ATTEMPT,
    });
    assert.equal(lacks, "nothing");
  });
});
