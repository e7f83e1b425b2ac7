import assert from "node:assert/strict";
import { describeReach } from "../../../../doctor/causes/shared/denial-rule.ts";

const GET = { verb: "get", resource: "pods", name: "web-0", namespace: "payments" };

describe("where a request is allowed and where it is not", () => {
  it("lists the namespaces, without the object's name", () => {
    assert.equal(describeReach("You", GET, ["default"]), "You can get pods in default but not in payments.");
    assert.equal(
      describeReach("arn:aws:iam::111122223333:role/Dev", { ...GET, subresource: "log" }, ["a", "b", "c-*"]),
      "arn:aws:iam::111122223333:role/Dev can get pods/log in a, b, c-* but not in payments.",
    );
  });

  it("counts the namespaces if there are many", () => {
    assert.equal(
      describeReach("You", GET, ["a", "b", "c", "d"]),
      "You can get pods in 4 other namespaces but not in payments.",
    );
  });
});
