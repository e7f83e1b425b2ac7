import assert from "node:assert/strict";
import { run } from "../../../plugin/cli.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("what commands show of what they were given", () => {
  const folder = tempFolder();
  const told = async (
    words: readonly string[],
    more: { env?: Record<string, string>; stdin?: string } = {},
  ) => {
    const { env = {}, ...rest } = more;
    const app = fakeApp({ home: folder(), env: { HOME: folder(), ...env }, clock: () => 0, ...rest });
    return { status: await run(words, app), ...app.written };
  };

  it("hides the password of a server's address in config view", async () => {
    const env = { VOUCH_SERVER: "https://ada:canary@vouch.example.com" };
    for (const format of ["text", "json"]) {
      const { status, stdout } = await told(["config", "view", "-o", format], { env });
      assert.equal(status, 0);
      assert.ok(stdout.includes("https://ada:***@vouch.example.com"), stdout);
      assert.ok(!stdout.includes("canary"), stdout);
    }
  });

  it("lets no token steer the terminal", async () => {
    const url = "https://sts.us-east-1.amazonaws.com/?%1b%5d0%3bpwned%07=1&X-Amz-Credential=%1b%5b31mAKIA";
    const token = `k8s-aws-v1.${Buffer.from(url).toString("base64url")}`;
    const { status, stdout } = await told(["token", "explain"], { stdin: token });
    assert.equal(status, 1);
    assert.match(stdout, /^Access key: {5}\\u001b\[31mAKIA /m);
    assert.match(stdout, /parameter \\u001b\]0;pwned\\u0007 is not allowed/);
    assert.doesNotMatch(stdout, /[^\P{Cc}\n]/u);
  });

  it("names the help of setup eks when its options do not go together", async () => {
    for (const [words, said] of [
      [["--cluster", "lab", "--match", "x"], "--match goes only with --all."],
      [["--cluster", "lab", "--match", "x", "--prune"], "--match goes only with --all."],
      [["--cluster", "lab", "--all"], "--all and --cluster exclude each other: --all means every cluster."],
    ] as const) {
      const { status, stderr } = await told(["setup", "eks", ...words]);
      assert.deepEqual(
        { status, stderr },
        {
          status: 64,
          stderr: `error: ${said} [usage]\n\`kubectl vouch setup eks --help\` shows what goes together.\n`,
        },
      );
    }
  });
});
