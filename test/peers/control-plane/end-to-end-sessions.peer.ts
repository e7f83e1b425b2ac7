/**
 * Real kubectl when the session is over, in each way it can be, and when our program is not there at all.
 * Needs kubectl (fetched once). Run by a step of CI of its own.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { clockTime } from "../../../token/text/time.ts";
import { succeeded } from "../../end-to-end/lab-person.ts";
import { LAB_USER } from "../../lab/lab.ts";
import { describeKubectl, POD_NAMES } from "../kubectl/kubectl-lab.ts";

describeKubectl("a session", (peer) => {
  const granted = { status: 0, stdout: POD_NAMES, stderr: "" };
  const login = () =>
    `Run \`kubectl vouch login --server ${peer().lab.vouch.url}\` and touch your security key.\n`;
  const failed = (ours: string, exit: number) => ({
    status: 1,
    stdout: "",
    stderr: `${ours}Unable to connect to the server: getting credentials: exec: executable kubectl-vouch failed with exit code ${exit}\n`,
  });
  beforeEach(async () => assert.deepEqual(await peer().getPods(), granted));

  it("that was ended by logout is asked for, and a new one serves at once", async () => {
    assert.deepEqual(await peer().kubectl(["vouch", "logout"]), {
      status: 0,
      stdout: "",
      stderr: `Logged out ${LAB_USER} from ${peer().lab.vouch.url}.\n`,
    });
    const { url } = peer().lab.vouch;
    assert.deepEqual(
      await peer().getPods(),
      failed(`error: You are not logged in to ${url}. [logged-out]\n${login()}`, 2),
    );
    assert.equal((await peer().kubectl(["vouch", "status"])).status, 2);
    assert.equal(peer().lab.vouch.liveSessions, 0);
    await peer().logIn();
    assert.deepEqual(await peer().getPods(), granted);
  });

  it("that is over by the clock is asked for, though a token is cached", async () => {
    const end = Date.now() - 90_000;
    const file = path.join(peer().lab.home, ".local", "state", "kubectl-vouch", "current.json");
    const before = fs.readFileSync(file, "utf8");
    fs.writeFileSync(file, before.replace(/"end": \d+/, `"end": ${end}`));
    const { result, traffic } = await peer().during(() => peer().getPods());
    const { url } = peer().lab.vouch;
    const at = clockTime(end, Date.now());
    const message = `error: The session of ${LAB_USER} at ${url} ended at ${at}. [session-expired]\n${login()}`;
    assert.deepEqual(result, failed(message, 2));
    assert.equal(traffic.vouchRequests + traffic.awsCalls, 0);
    await peer().logIn();
    assert.deepEqual(await peer().getPods(), granted);
  });

  it("that was revoked at the server lasts as long as what is cached, and is then asked for", async () => {
    peer().lab.vouch.revokeSessions(LAB_USER);
    assert.deepEqual(await peer().getPods(), granted);
    await peer().clearCache();
    const { result, traffic } = await peer().during(() => peer().getPods());
    const { host } = new URL(peer().lab.vouch.url);
    const message = `error: ${host} rejected the request for an AWS ID token (HTTP 401 invalid_token): the session has ended or was revoked. Server message: "The access token is invalid or expired". [session-refused]\n${login()}`;
    assert.deepEqual(result, failed(message, 2));
    assert.equal(traffic.awsCalls, 0);
    assert.equal((await peer().kubectl(["vouch", "status"])).status, 2);
    await peer().logIn();
    assert.deepEqual(await peer().getPods(), granted);
  });

  it("serves nobody where kubectl-vouch is not installed, and kubectl tells how to", async () => {
    succeeded(await peer().getPods());
    const env = { PATH: `${path.dirname(peer().program)}:/usr/bin:/bin` };
    const { result, traffic } = await peer().during(() => peer().getPods({ env }));
    assert.deepEqual(result, {
      status: 1,
      stdout: "",
      stderr: `Unable to connect to the server: getting credentials: exec: executable kubectl-vouch not found

It looks like you are trying to use a client-go credential plugin that is not installed.

To learn more about this feature, consult the documentation available at:
      https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins

kubectl-vouch is not on the PATH of this program. Install it: kubectl krew install vouch. For an IDE, write its full path: kubectl vouch setup eks --cluster NAME --absolute
`,
    });
    assert.equal(traffic.pluginRuns, 0);
    assert.equal(
      (await peer().kubectl(["vouch", "status"], { env })).stderr,
      'error: unknown command "vouch" for "kubectl"\n',
    );
  });

  it("of a person whose account is gone is refused with the reason", async () => {
    await peer().clearCache();
    const [user] = peer().lab.vouch.users;
    peer().lab.vouch.deactivateUser(user?.id ?? "");
    const { result } = await peer().during(() => peer().getPods());
    const { host } = new URL(peer().lab.vouch.url);
    const message = `error: ${host} rejected the request for an AWS ID token (HTTP 401 unauthorized): the session has ended or was revoked. Server message: "The account is deactivated". [session-refused]\n${login()}`;
    assert.deepEqual(result, failed(message, 2));
  });
});
