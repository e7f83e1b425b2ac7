import assert from "node:assert/strict";
import { documentOf } from "../../../doctor/fixes/fix.ts";
import { browserSignIn, listProfiles, newProfile } from "../../../doctor/fixes/profile-choice.ts";
import { aws } from "../../../token/command/command.ts";
import { renderCommand } from "../../../token/command/render-command.ts";
import { awsConfig, healthyBundle, without } from "../support/bundle.ts";

const version = (words: string) =>
  healthyBundle({ execCommand: { command: "aws", resolved: "/usr/local/bin/aws", version: words } });
const CLI_1 = version("aws-cli/1.45.11 Python/3.11.7 Linux/6.18 botocore/1.43.11");
const CLI_2 = version("aws-cli/2.36.7 Python/3.13.4 Linux/6.18 exe/x86_64");

describe("a command that only AWS CLI 2 has", () => {
  it("is printed for 2, and where nobody knows the version", () => {
    for (const bundle of [CLI_2, without(CLI_2, "execCommand")]) {
      assert.deepEqual(listProfiles(bundle), aws("configure list-profiles"));
      assert.deepEqual(newProfile(bundle, "dev"), [aws("configure sso", { profile: "dev" })]);
      assert.deepEqual(browserSignIn(bundle, "sso login", "dev"), [aws("sso login", { profile: "dev" })]);
    }
  });

  it("is replaced for 1, or comes after the address of 2", () => {
    const line = (bundle: typeof CLI_1) => renderCommand(listProfiles(bundle), "bash");
    assert.deepEqual(line(CLI_1), { line: "grep -hs '^\\[' /home/ada/.aws/config" });
    assert.deepEqual(line({ ...CLI_1, ...awsConfig("") }), {
      line: "grep -hs '^\\[' ~/.aws/config ~/.aws/credentials",
    });
    // Without `sso` it stores keys that never end.
    assert.deepEqual(newProfile(CLI_1, "dev"), [
      documentOf("https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"),
      aws("configure sso", { profile: "dev" }),
    ]);
    assert.deepEqual(browserSignIn(CLI_1, "login", "dev"), [
      documentOf("https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"),
      aws("login", { profile: "dev" }),
    ]);
  });
});
