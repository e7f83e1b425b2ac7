import assert from "node:assert/strict";
import { environmentFor } from "../../../plugin/commands/exec.run.ts";

describe("environmentFor", () => {
  const credentials = {
    accessKeyId: "AKIANEW",
    secretAccessKey: "canary-new",
    sessionToken: undefined,
    expires: undefined,
  };
  const KEYS = { AWS_ACCESS_KEY_ID: "AKIANEW", AWS_SECRET_ACCESS_KEY: "canary-new" };
  const own = { aws_session_token: "old", Aws_Access_Key_Id: "AKIAOLD", AWS_PROFILE: "other", Path: "p" };
  const fetched = { credentials, region: undefined };

  it("has no name of another identity, in any case, on Windows", () =>
    assert.deepEqual(environmentFor(own, fetched, "win32"), { Path: "p", ...KEYS }));

  it("keeps other names elsewhere, where case matters", () =>
    assert.deepEqual(environmentFor(own, fetched, "linux"), {
      ...{ aws_session_token: "old", Aws_Access_Key_Id: "AKIAOLD", Path: "p" },
      ...KEYS,
    }));
});
