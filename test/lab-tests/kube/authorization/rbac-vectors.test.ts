import assert from "node:assert/strict";
import { clusterOf, rbacVectors } from "../../../peers/corpora/rbac-vectors.ts";
import { labAnswer } from "../../../peers/corpora/rbac-world.ts";

describe("the lab's RBAC says what the API server's authorizer says, with the same reason", () => {
  for (const vector of rbacVectors()) {
    it(vector.name, () => {
      const cluster = clusterOf(vector);
      assert.deepEqual(
        vector.asked.map(({ question }) => ({ question, answer: labAnswer(cluster, question) })),
        vector.asked,
      );
    });
  }
});
