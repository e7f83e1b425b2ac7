import assert from "node:assert/strict";
import { selected } from "../../../lab/kube/api/selectors.ts";

const POD = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web-1", namespace: "x", labels: { app: "web", tier: "front" } },
  status: { phase: "Running" },
};

function fits(query: Record<string, string>): boolean {
  return selected(POD, new URLSearchParams(query));
}

describe("a selector", () => {
  const labels: readonly [selector: string, fits: boolean][] = [
    ["", true],
    ["app=web", true],
    ["app==web", true],
    ["app=db", false],
    ["app!=db", true],
    ["absent!=db", true],
    ["app=web,tier=back", false],
    ["app", true],
    ["absent", false],
    ["!absent", true],
    ["!app", false],
    ["app in (web,db)", true],
    ["app in (web, db),tier in (back)", false],
    ["app notin (web)", false],
    ["absent notin (web)", true],
  ];
  for (const [labelSelector, answer] of labels) {
    it(`of labels ${JSON.stringify(labelSelector)} ${answer ? "takes" : "leaves"} the pod`, () => {
      assert.equal(fits({ labelSelector }), answer);
    });
  }

  const fields: readonly [selector: string, fits: boolean][] = [
    ["metadata.name=web-1", true],
    ["metadata.name=web-2", false],
    ["status.phase!=Running", false],
    ["metadata.namespace=x,status.phase=Running", true],
    ["spec.nodeName=", true],
  ];
  for (const [fieldSelector, answer] of fields) {
    it(`of fields ${JSON.stringify(fieldSelector)} ${answer ? "takes" : "leaves"} the pod`, () => {
      assert.equal(fits({ fieldSelector }), answer);
    });
  }

  it("without an operator is refused for fields", () => {
    assert.throws(() => fits({ fieldSelector: "metadata.name" }), { code: 400 });
  });
});
