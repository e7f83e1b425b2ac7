/** The release in the folder that KUBECTL_VOUCH_RELEASE names, with the real krew and the real kubectl. */
import assert from "node:assert/strict";
import path from "node:path";
import { describeKrewLife } from "./krew-life.ts";

describeKrewLife("the release", () =>
  path.resolve(
    process.env["KUBECTL_VOUCH_RELEASE"] ?? assert.fail("KUBECTL_VOUCH_RELEASE must name a folder"),
  ),
);
