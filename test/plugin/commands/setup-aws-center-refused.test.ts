import assert from "node:assert/strict";
import fs from "node:fs";
import { centerDesk, URL } from "../../support/center-desk.ts";
import { folderState } from "../../support/folder-state.ts";
import { suiteOnPosix } from "../../support/platform.ts";

suiteOnPosix("lab", "kubectl vouch setup aws --sso-start-url, where it cannot", () => {
  const { desk, center, browser, run, setup, config } = centerDesk();

  describe("refuses, and writes nothing:", () => {
    const refusals: Readonly<Record<string, readonly [readonly string[], number, RegExp]>> = {
      "what is not a URL": [
        ["--sso-start-url", "lab.awsapps.com/start"],
        64,
        /^error: --sso-start-url "lab\.awsapps\.com\/start" is not an https URL\. \[usage\]\nUse the address of your AWS access portal, /,
      ],
      "a URL without a region": [
        ["--sso-start-url", "https://d-1234567890.awsapps.com/start", "--match", "prod-*"],
        64,
        /^error: The region of IAM Identity Center is not known: https:\/\/d-1234567890\.awsapps\.com\/start does not contain it\. \[usage\]\nThe AWS access portal lists it: open https:\/\/d-1234567890\.awsapps\.com\/start, then Access keys of any role, SSO Region\. Then run `kubectl vouch setup aws --sso-start-url https:\/\/d-1234567890\.awsapps\.com\/start --sso-region REGION --match 'prod-\*'`\.\n$/,
      ],
      "a region that is none": [
        ["--sso-start-url", URL, "--sso-region", "nowhere"],
        6,
        /^error: "nowhere" is not an AWS region\. \[region-invalid\]\n/,
      ],
      "a region of profiles that is none": [
        ["--sso-start-url", URL, "--sso-region", "us-east-1", "--region", "nowhere"],
        6,
        /^error: "nowhere" is not an AWS region\. \[region-invalid\]\n/,
      ],
      "a different region than the URL contains": [
        ["--sso-start-url", "https://ssoins-1.portal.eu-west-1.app.aws", "--sso-region", "us-east-1"],
        64,
        /^error: --sso-region is us-east-1, but https:\/\/ssoins-1\.portal\.eu-west-1\.app\.aws is in eu-west-1\. \[usage\]\nRun `kubectl vouch setup aws .*--sso-region eu-west-1`\.\n$/,
      ],
      "a role as well": [
        ["--sso-start-url", URL, "--role", "arn:aws:iam::111122223333:role/Dev"],
        64,
        /^error: --sso-start-url and --role cannot be combined: those are for Vouch\. \[usage\]\n/,
      ],
      "a pattern without a start URL": [
        ["--match", "x"],
        64,
        /^error: --match works only with --sso-start-url\. \[usage\]\n/,
      ],
      "an undo with a start URL": [
        ["--undo", "--sso-start-url", URL],
        64,
        /^error: --undo and --sso-start-url cannot be combined: /,
      ],
    };
    for (const [what, [flags, expected, message]] of Object.entries(refusals))
      it(what, async () => {
        const before = folderState(desk.home);
        const { status, stdout, stderr } = await run(["setup", "aws", ...flags]);
        assert.deepEqual([status, stdout], [expected, ""], stderr);
        assert.match(stderr, message);
        assert.deepEqual(folderState(desk.home), before);
      });

    it("a user to whom nothing is assigned", async () => {
      center().assignments.length = 0;
      const { status, stderr } = await setup();
      assert.equal(status, 5, stderr);
      assert.ok(
        stderr.endsWith(
          "error: IAM Identity Center (sso-session lab) does not assign any account to you. [sso-role-denied]\n" +
            `Ask an IAM Identity Center admin for access to an account, or log in as a different user: \`kubectl vouch setup aws --sso-start-url ${URL} --sso-region us-east-1 --force\`\n`,
        ),
        stderr,
      );
      assert.equal(fs.existsSync(config()), false);
    });

    it("a login that is denied in the browser", async () => {
      const { status, stderr } = await setup([], { openBrowser: browser("denied") });
      assert.equal(status, 5, stderr);
      assert.match(
        stderr,
        /^error: The login to .* was denied: .* \[sso-login-refused\]\nRun `kubectl vouch setup aws --sso-start-url \S+ --sso-region us-east-1` and approve it in the browser\.\n$/m,
      );
      assert.equal(fs.existsSync(config()), false);
    });

    it("a pattern that no name matches, and a template that cannot be filled in", async () => {
      const { stderr } = await setup(["--match", "nope-*"]);
      assert.match(
        stderr,
        /^error: No profile name matches nope-\*\. \[profile-missing\]\nThe names are Lab-Dev, Prod-Dev\.\n$/m,
      );
      assert.match(
        (await setup(["--profile", "{x}"])).stderr,
        /^error: --profile \{x\} contains \{x\}, .* \[usage\]$/m,
      );
      assert.equal(fs.existsSync(config()), false);
    });

    it("an interruption while AWS is asked", async () => {
      await setup(["--dry-run"]);
      const interrupt = new AbortController();
      desk.lab.aws.faults.takeover = ({ url = "" }) => {
        if (url.startsWith("/assignment/roles")) setImmediate(() => interrupt.abort());
        return url.startsWith("/assignment/roles");
      };
      const { status } = await setup([], { signal: interrupt.signal });
      assert.equal(status, 130);
      assert.equal(fs.existsSync(config()), false);
    });
  });
});
