import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { realProbeHost } from "../../../../plugin/commands/doctor/real-probe-host.ts";
import { fakeApp } from "../../../support/fake-app.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

describe("the AWS credentials that a doctor gets from a profile", () => {
  const home = tempFolder();

  it("are not waited for once the probe that asks is over", async () => {
    const folder = path.join(home(), ".aws");
    fs.mkdirSync(folder);
    fs.writeFileSync(
      path.join(folder, "credentials"),
      "[dev]\naws_access_key_id = AKIAEXAMPLEEXAMPLE12\naws_secret_access_key = canary\n",
    );
    const app = fakeApp({ home: home(), clock: Date.now });
    const { sources } = realProbeHost(app, { kubeconfig: undefined, online: true });
    const asked = sources.credentials({
      profile: "dev",
      role: "arn:aws:iam::111122223333:role/Dev",
      via: [],
      sessionName: undefined,
      region: "eu-west-1",
      env: { HOME: home() },
      fresh: false,
      signal: AbortSignal.abort(),
    });
    await assert.rejects(asked, { code: "interrupted" });
  });
});
