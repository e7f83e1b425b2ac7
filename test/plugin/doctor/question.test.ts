import assert from "node:assert/strict";
import type { AskedOptions } from "../../../plugin/doctor/doctor-options.ts";
import { questionOf } from "../../../plugin/doctor/question.ts";

const NOTHING: AskedOptions = {
  context: undefined,
  namespace: undefined,
  allNamespaces: false,
  for: undefined,
  error: undefined,
  principal: undefined,
  command: [],
  kubeconfig: undefined,
};

function question(changes: Partial<AskedOptions>, outcome?: Parameters<typeof questionOf>[1]["outcome"]) {
  return questionOf({ ...NOTHING, ...changes }, { outcome, contextNamespace: "web" });
}

describe("questionOf", () => {
  const LIST_PODS = { verb: "list", group: "", resource: "pods", namespace: "web" };

  it("asks for the pods of the context's namespace when nothing is said", () => {
    assert.deepEqual(question({}), { attempt: LIST_PODS });
  });

  it("asks nothing in particular where words of a failure say what was tried", () => {
    assert.deepEqual(question({}, { stderr: "error: no" }), { stderr: "error: no" });
  });

  it("asks for the pods of a namespace that is named alone", () => {
    assert.deepEqual(question({ namespace: "payments" }), {
      namespace: "payments",
      attempt: { verb: "list", group: "", resource: "pods", namespace: "payments" },
    });
  });

  it("takes the namespace of the context for an attempt that names none", () => {
    assert.deepEqual(question({ for: "list deployments" }).attempt, {
      verb: "list",
      group: "apps",
      resource: "deployments",
      namespace: "web",
    });
    assert.equal(question({ for: "list pods", namespace: "a" }).attempt?.namespace, "a");
    assert.equal(question({ for: "list pods -n b", namespace: "a" }).attempt?.namespace, "b");
  });

  it("asks for the pods of all namespaces with -A, whatever namespace is named", () => {
    const everywhere = { verb: "list", group: "", resource: "pods" };
    assert.deepEqual(question({ allNamespaces: true }), { attempt: everywhere });
    assert.deepEqual(question({ allNamespaces: true, namespace: "payments" }), { attempt: everywhere });
    assert.deepEqual(question({ allNamespaces: true }, { stderr: "no" }), {
      stderr: "no",
      attempt: everywhere,
    });
    const deployments = { verb: "list", group: "apps", resource: "deployments" };
    assert.deepEqual(question({ allNamespaces: true, for: "list deployments" }), { attempt: deployments });
    assert.deepEqual(question({ allNamespaces: true, for: "list deployments -n b" }).attempt, {
      ...deployments,
      namespace: "b",
    });
  });

  it("keeps the command that was run, and how it ended", () => {
    const outcome = { command: "helm list -n web", exitCode: 1, stderr: "error: no" };
    assert.deepEqual(question({ command: ["helm", "list", "-n", "web"] }, outcome), outcome);
  });

  it("asks about somebody else by the ARN, in a context", () => {
    const principal = "arn:aws:iam::111122223333:role/team/Dev";
    assert.deepEqual(question({ principal, context: "lab" }), {
      principal,
      context: "lab",
      attempt: LIST_PODS,
    });
  });

  for (const changes of [
    { for: "pods" },
    { for: "" },
    { principal: "Dev" },
    { principal: "arn:aws:s3:::x" },
  ]) {
    it(`refuses ${JSON.stringify(changes)}`, () => {
      assert.throws(() => question(changes), { code: "usage" });
    });
  }
});
