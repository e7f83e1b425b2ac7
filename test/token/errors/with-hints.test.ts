import assert from "node:assert/strict";
import { VouchError } from "../../../token/errors/errors.ts";
import { withHints } from "../../../token/errors/with-hints.ts";

describe("withHints", () => {
  const denied = new VouchError("aws-denied", "No.");
  const never = () => assert.fail("nobody wants the hints");

  it("gives an error of its codes the hint, and keeps the rest", async () => {
    const hints = () => ({ "aws-denied": "Ask Ada." });
    await assert.rejects(withHints(hints, Promise.reject(denied)), {
      ...{ code: "aws-denied", message: "No.", hint: "Ask Ada.", cause: denied },
    });
  });

  it("leaves an error as it is that it has no hint for", async () => {
    const leaves = async (error: unknown, hints: Parameters<typeof withHints>[0]) =>
      assert.equal(await withHints(hints, Promise.reject(error)).catch((thrown: unknown) => thrown), error);
    await leaves(denied, () => ({ "aws-failed": "Wait." }));
    await leaves(denied, () => ({ "aws-denied": undefined }));
    await leaves(new Error("a bug"), never);
  });

  it("looks for no hint as long as nothing failed", async () =>
    assert.equal(await withHints(never, Promise.resolve(7)), 7));
});
