import assert from "node:assert/strict";
import { forYou } from "../../../../doctor/fixes/fix.ts";
import { loginFix } from "../../../../plugin/commands/doctor/local-fixes.ts";
import { ours, run } from "../../../../token/command/command.ts";
import { fakeApp } from "../../../support/fake-app.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

describe("the login that --fix offers", () => {
  const home = tempFolder();
  const offered = (...actions: Parameters<typeof forYou>[1][]) => {
    const app = fakeApp({ home: home(), env: {}, clock: Date.now });
    return { app, fixes: loginFix(app, { fixes: [forYou("Sign in.", ...actions)] }, "never") };
  };

  it("is that of the AWS profile that the doctor names, and is shown before", async () => {
    const { app, fixes } = offered(
      run("aws", "sts get-caller-identity"),
      ours("login", { profile: "my dev" }),
    );
    assert.deepEqual(
      fixes.map(({ description }) => description),
      ["Log in for AWS profile my dev."],
    );
    await fixes[0]?.show();
    assert.equal(app.written.stderr, "This runs `kubectl vouch login --profile 'my dev'`.\n");
  });

  it("is done by our own login, which says what stands in its way", async () => {
    const { fixes } = offered(ours("login", { profile: "gone" }));
    await assert.rejects(async () => fixes[0]?.apply(), {
      code: "profile-missing",
      message: /AWS profile gone \(from --profile\) not found/,
    });
  });

  const others = {
    "another program's": run("aws", "sso login", { profile: "dev" }),
    "one with a security key": ours("login", { server: "https://us.vouch.sh" }),
    "one by force": ours("login", { profile: "dev", force: true }),
    "one whose profile nobody knows": ours("login", { profile: "PROFILE" }),
  };
  for (const [what, action] of Object.entries(others))
    it(`is not ${what}`, () => {
      assert.deepEqual(offered(action).fixes, []);
    });
});
