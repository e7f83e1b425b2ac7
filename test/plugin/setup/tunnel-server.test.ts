import assert from "node:assert/strict";
import { clusterBody } from "../../../plugin/setup/eks-entry.ts";
import { labEntry } from "./lab-entry.ts";

const ENTRY = labEntry();

describe("the server of an entry that is set up again", () => {
  const own = new URL(ENTRY.endpoint).hostname;
  for (const [server, name, isKept] of [
    ["https://localhost:6443", "kubernetes", true],
    ["https://127.0.0.1:6443", "kubernetes.default.svc", true],
    ["https://[::1]:6443", "kubernetes", true],
    // Every cluster has the name `kubernetes`, so it does not say which one another host leads to.
    ["https://bastion.example:6443", "kubernetes", false],
    ["https://bastion.example:6443", own, true],
    ["https://bastion.example:6443", "other.example", false],
    ["https://localhost:6443", undefined, false],
  ] as const)
    it(`${isKept ? "stays" : "is the endpoint instead of"} ${server} with tls-server-name ${name}`, () => {
      const body = clusterBody(ENTRY, { server, "tls-server-name": name });
      assert.equal(body["server"], isKept ? server : ENTRY.endpoint);
    });
});
