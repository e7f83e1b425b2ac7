/** The lab's real control plane, held to the same cases as the stand-in; and RBAC's judge, held to the real API server. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { RbacObjectJson } from "../../../doctor/evidence/evidence.ts";
import { entryFor, type KubeLab, policyOf, startKubeLab } from "../../lab-tests/kube/support/kube-lab.ts";
import { judgeRbac } from "../corpora/judge-rbac.ts";
import { type RbacCase, rbacCase } from "../corpora/rbac.ts";
import type { AccessQuestion } from "../corpora/rbac-world.ts";
import { describeApiServer } from "./api-server-cases.ts";

describeApiServer("real");

describe("the real control plane, when the model is put back", () => {
  it("has Kubernetes' own roles again as they were, and nothing that was made meanwhile", async () => {
    const lab = await startKubeLab({}, { real: true });
    try {
      const token = lab.token(lab.person("role/nobody"));
      const before = structuredClone(lab.cluster.roles);
      const version = async () => (await lab.call(token, "/version")).status;
      const admin = { name: "nobody", roleRef: { kind: "ClusterRole", name: "cluster-admin" } } as const;
      lab.cluster.accessEntries.set("n", entryFor("role/nobody", { username: "nobody" }));
      assert.equal(await version(), 200);

      lab.cluster.roles = before.map((role) =>
        role.name.startsWith("system:") ? { ...role, rules: [] } : role,
      );
      lab.cluster.bindings.push({ ...admin, subjects: [{ kind: "User", name: "nobody" }] });
      assert.equal((await lab.call(token, "/api/v1/nodes")).status, 200);
      lab.cluster.bindings.pop();
      assert.equal(await version(), 403);

      lab.cluster.roles = before;
      lab.kube.restore();
      assert.equal(await version(), 200);
      assert.equal((await lab.call(token, "/api/v1/nodes")).status, 403);
    } finally {
      await lab.close();
    }
  });
});

/** Clusters of the corpus that begin with what every cluster has. */
const SAMPLE = 6;
const RBAC = "rbac.authorization.k8s.io";

describe("a sample of RBAC's corpus", () => {
  let lab: KubeLab;
  let token = "";
  // A new one each time: what the controller applies to a role that was deleted meanwhile creates it again.
  beforeEach(async () => {
    const admin = entryFor("role/admin", { policies: [policyOf("AmazonEKSClusterAdminPolicy")] });
    lab = await startKubeLab({ accessEntries: new Map([[admin.principalArn, admin]]) }, { real: true });
    token = lab.token(lab.person("role/admin"));
  });
  afterEach(() => lab?.close());

  for (const one of sample()) {
    it(`is answered as the judge does, ${one.objects.length} objects, ${one.questions.length} questions`, async () => {
      for (const { metadata } of one.objects)
        if (metadata.namespace !== undefined) lab.cluster.namespaces.add(metadata.namespace);
      const objects: RbacObjectJson[] = [];
      for (const object of one.objects) if (await create(object)) objects.push(object);
      assert.ok(objects.length * 2 > one.objects.length, `only ${objects.length} were created`);
      const [verdict] = await judgeRbac([{ objects, defaults: true, questions: one.questions }]);
      const expected = verdict?.answers.map(({ allowed }) => allowed);
      // The controller needs a moment for what is aggregated.
      let answers = await ask(one.questions);
      for (let tries = 0; tries < 600 && String(answers) !== String(expected); tries += 1) {
        await delay(200);
        answers = await ask(one.questions);
      }
      assert.deepEqual(answers, expected);
      assert.deepEqual(new Set(answers), new Set([true, false]));
    });
  }

  /** Whether the API takes it: what it finds invalid no cluster has, and what is there already stays. */
  async function create(object: RbacObjectJson): Promise<boolean> {
    const { kind, metadata } = object;
    const at = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
    const { status, body } = await lab.call(token, `/apis/${RBAC}/v1${at}/${kind.toLowerCase()}s`, {
      method: "POST",
      body: { apiVersion: `${RBAC}/v1`, ...object },
    });
    assert.ok([201, 400, 409, 422].includes(status), JSON.stringify(body));
    return status === 201;
  }

  function ask(questions: readonly AccessQuestion[]): Promise<boolean[]> {
    return Promise.all(
      questions.map(async (spec) => {
        const { status, body } = await lab.call(token, "/apis/authorization.k8s.io/v1/subjectaccessreviews", {
          method: "POST",
          body: { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec },
        });
        assert.equal(status, 201, JSON.stringify(body));
        return (body as { readonly status: { readonly allowed: boolean } }).status.allowed;
      }),
    );
  }
});

function sample(): RbacCase[] {
  const found: RbacCase[] = [];
  for (let seed = 1; found.length < SAMPLE; seed += 1) {
    const one = rbacCase(seed);
    if (one.defaults) found.push(one);
  }
  return found;
}
