import assert from "node:assert/strict";
import { sameEndpoint } from "../../../plugin/setup/eks-entry.ts";

describe("sameEndpoint", () => {
  const ENDPOINT = "https://ABC.gr7.us-east-1.eks.amazonaws.com";
  const table: [unknown, boolean][] = [
    [ENDPOINT, true],
    [`${ENDPOINT.toLowerCase()}/`, true],
    [`${ENDPOINT}:443`, true],
    [`${ENDPOINT}:6443`, false],
    ["https://DEF.gr7.us-east-1.eks.amazonaws.com", false],
    [undefined, false],
  ];
  for (const [server, expected] of table) {
    it(`${expected ? "knows" : "refuses"} ${server}`, () =>
      assert.equal(sameEndpoint(server, ENDPOINT), expected));
  }
});
