import assert from "node:assert/strict";
import path from "node:path";
import { labDesk } from "../../support/lab-desk.ts";
import { ourContexts } from "../../support/our-contexts.ts";
import { suiteOnPosix } from "../../support/platform.ts";

const CONFIG = `[profile keys]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = canary

[profile empty]
region = us-east-1

[profile broken]
sso_session = nobody
sso_account_id = 1
sso_role_name = Dev
`;

suiteOnPosix("lab", "kubectl vouch status of contexts by AWS profiles that give nothing", () => {
  const desk = labDesk();
  beforeEach(() => {
    desk.write(".aws/config", CONFIG);
    desk.write(
      ".kube/config",
      ourContexts(["--profile keys", "--profile gone", "--profile empty", "--profile broken"]),
    );
  });

  /** Nobody named a Vouch server. */
  const status = (...flags: string[]) =>
    desk.run(["status", "--offline", ...flags], { env: { VOUCH_SERVER: undefined } });
  const config = () => path.join(desk.home, ".aws/config");
  const edit = (line: number) => `Correct it: \`vi +${line} ${config()}\``;
  const GONE = () =>
    `AWS profile gone (from context u1) not found in ${config()} or ${path.join(desk.home, ".aws/credentials")}.`;
  const EMPTY = () =>
    `AWS profile empty (${config()}, line 5; from context u2) does not provide credentials: it does not set an access key ID, role, Identity Center account, login or process.`;
  const BROKEN = () => `AWS profile broken (${config()}, line 9): [sso-session nobody] not found.`;
  const LIST =
    "Available profiles: broken, empty, keys. With their clusters: `kubectl vouch setup eks --list`";

  it("says under each what is wrong, and how it is cured", async () => {
    const { status: ended, stdout } = await status();
    assert.deepEqual(stdout.split("\n"), [
      "Contexts:   u0: lab in us-east-1 as AWS profile keys",
      "            u1: lab in us-east-1 as AWS profile gone",
      `            problem: ${GONE()} ${LIST}`,
      "            u2: lab in us-east-1 as AWS profile empty",
      `            problem: ${EMPTY()} ${edit(5)}`,
      "            u3: lab in us-east-1 as AWS profile broken",
      `            problem: ${BROKEN()} ${edit(9)}`,
      "",
    ]);
    assert.equal(ended, 0, "a login cures nothing");
  });

  it("says it below the table", async () => {
    const { stdout } = await status("-o", "wide");
    assert.equal(
      stdout.split("\n\n").at(-1),
      `u1: ${GONE()} ${LIST}\nu2: ${EMPTY()} ${edit(5)}\nu3: ${BROKEN()} ${edit(9)}\n`,
    );
  });

  it("tells programs", async () => {
    const { contexts } = JSON.parse((await status("-o", "json")).stdout);
    assert.deepEqual(
      contexts.map(({ problem }: { problem?: string }) => problem),
      [undefined, GONE(), EMPTY(), BROKEN()],
    );
  });

  it("says once that the file of all cannot be read", async () => {
    desk.write(".aws/config", "[profile dev\n");
    for (const flags of [[], ["-o", "wide"]]) {
      const { stdout } = await status(...flags);
      assert.equal(stdout.split("is not written as").length, 2, stdout);
    }
  });

  it("says it of a file of the context's own, and ends with 2, as nobody can tell", async () => {
    const other = desk.write("other", "[profile dev\n");
    desk.write(".kube/config", ourContexts(["--profile keys"], { AWS_CONFIG_FILE: other }));
    const { status: ended, stdout } = await status();
    assert.ok(stdout.includes(`\n            problem: Cannot use ${other}: line 1: `), stdout);
    assert.equal(ended, 2);
  });

  it("says that whoever calls has no credentials", async () => {
    desk.write(".kube/config", ourContexts(["--ambient"]));
    const { status: ended, stdout } = await status();
    assert.match(
      stdout,
      /\n {12}problem: AWS credentials not found: .*`kubectl vouch setup aws --sso-start-url URL`\n/,
    );
    assert.equal(ended, 0);
  });

  it("names the variable that names the profile of whoever calls", async () => {
    desk.write(".kube/config", ourContexts(["--ambient"]));
    const env = { VOUCH_SERVER: undefined, AWS_PROFILE: "gone" };
    const { stdout } = await desk.run(["status", "--offline"], { env });
    assert.match(stdout, /\n {12}problem: AWS profile gone \(from AWS_PROFILE\) not found /);
  });
});
