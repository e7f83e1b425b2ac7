import assert from "node:assert/strict";
import http from "node:http";
import { addAssignment } from "../../lab/aws/identity-center.ts";
import { listenOnLoopback } from "../../lab/loopback.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { fetched } from "../../token/aws/identity-center/center-lab.ts";

const CONFIG = `[sso-session lab]
sso_start_url = https://lab.awsapps.com/start
sso_region = us-east-1
[profile dev]
sso_session = lab
sso_account_id = 111122223333
sso_role_name = Dev
`;

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const { port, close } = await listenOnLoopback(http.createServer());
  await close();
  return port;
}

const SETUP = "setup aws --sso-start-url https://lab.awsapps.com/start";

suiteOnPosix("lab", "login --callback-port", () => {
  const desk = labDesk();
  beforeEach(() => {
    desk.write(".aws/config", CONFIG);
    addAssignment(desk.lab.world, { userName: "ada", permissionSet: "Dev" });
  });
  const login = (words: string, onErr?: (text: string) => void) =>
    desk.run(words.split(" "), {
      env: { AWS_ENDPOINT_URL: desk.lab.aws.url },
      openBrowser: async () => false,
      ...(onErr === undefined ? {} : { onErr }),
    });

  for (const command of ["login --profile dev", SETUP])
    it(`awaits the answer of a browser at the other end of a tunnel on that port: ${command}`, async () => {
      const port = await freePort();
      let isOpened = false;
      const browse = (text: string) => {
        const address = /^https:.*\/authorize\?.*$/m.exec(text)?.[0];
        if (address === undefined || isOpened) return;
        isOpened = true;
        desk.lab.world.identityCenter.person = { userName: "ada" };
        void fetched(address, desk.lab.ca.cert).then(({ headers: { location = "" } }) => {
          assert.ok(location.startsWith(`http://127.0.0.1:${port}/oauth/callback?`), location);
          return fetched(location, desk.lab.ca.cert);
        });
      };
      const { status, stderr } = await login(`${command} --callback-port ${port}`, browse);
      assert.equal(status, 0, stderr);
      assert.match(
        stderr,
        new RegExp(
          `^Open this address in a browser on this machine, or on one that forwards its port ${port} to this machine's 127\\.0\\.0\\.1:${port}, and approve`,
          "m",
        ),
      );
      assert.match(stderr, /^Logged in to IAM Identity Center \(sso-session lab\) as ada /m);
      assert.doesNotMatch(stderr, /No browser here\?/);
    });

  it("says that the port is taken", async () => {
    const { port, close } = await listenOnLoopback(http.createServer());
    try {
      const { status, stderr } = await login(`login --profile dev --callback-port ${port}`);
      assert.equal(status, 64, stderr);
      assert.match(stderr, new RegExp(`Cannot listen on 127\\.0\\.0\\.1:${port}: .*in use`));
    } finally {
      await close();
    }
  });

  for (const [words, says] of [
    ["login --profile dev --callback-port 0", /--callback-port must be a number from 1 to 65535/],
    ["login --profile dev --callback-port 65536", /--callback-port must be a number from 1 to 65535/],
    ["login --profile dev --callback-port x", /--callback-port/],
    [
      "login --profile dev --callback-port 8400 --device-code",
      /--callback-port and --device-code cannot be combined/,
    ],
    ["login --callback-port 8400 --server https://us.vouch.sh", /--callback-port works only with --profile/],
    [`${SETUP} --callback-port 0`, /--callback-port must be a number from 1 to 65535/],
    [`${SETUP} --callback-port 8400 --device-code`, /--callback-port and --device-code cannot be combined/],
    ["setup aws --callback-port 8400", /--callback-port works only with --sso-start-url/],
  ] as const)
    it(`refuses ${words}`, async () => {
      const { status, stderr } = await login(words);
      assert.equal(status, 64, stderr);
      assert.match(stderr, says);
    });
});
