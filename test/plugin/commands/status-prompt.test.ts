import assert from "node:assert/strict";
import path from "node:path";
import { stringify } from "yaml";
import { answerPrompt } from "../../../token/hot/prompt.ts";
import { nodeHost } from "../../../token/node-host.ts";
import { addAssignment } from "../../lab/aws/identity-center.ts";
import { LAB_REGION } from "../../lab/lab.ts";
import { labDeskAtRest } from "../../support/lab-desk.ts";
import { SETUP_WORDS } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { fetched } from "../../token/aws/identity-center/center-lab.ts";

const CONFIG = `[sso-session lab]
sso_start_url = https://lab.awsapps.com/start
sso_region = us-east-1
[profile dev]
region = ${LAB_REGION}
sso_session = lab
sso_account_id = 111122223333
sso_role_name = Dev
[profile odd$(id)name]
role_arn = arn:aws:iam::111122223333:role/Ops
source_profile = dev
[profile keys]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = canary
`;

suiteOnPosix("lab", "kubectl vouch status --prompt", () => {
  const desk = labDeskAtRest();
  beforeEach(() => {
    desk.write(".aws/config", CONFIG);
    addAssignment(desk.lab.world, { userName: "ada", permissionSet: "Dev" });
  });
  const env = () => ({ AWS_ENDPOINT_URL: desk.lab.aws.url, VOUCH_SERVER: undefined });
  const logIn = async () => {
    const { status, stderr } = await desk.run(["login", "--profile", "dev"], {
      env: env(),
      openBrowser: async (address) => {
        desk.lab.world.identityCenter.person = { userName: "ada" };
        void fetched(address, desk.lab.ca.cert).then(({ headers: { location = "" } }) =>
          fetched(location, desk.lab.ca.cert),
        );
        return true;
      },
    });
    assert.equal(status, 0, stderr);
    // Files that were written just now do not tell of a change.
    desk.advance(10_000);
  };
  const prompt = async (more: Readonly<Record<string, string>> = {}, words: readonly string[] = []) => {
    const { status, stdout, stderr } = await desk.run(["status", "--prompt", ...words], {
      env: { ...env(), ...more },
    });
    assert.deepEqual([status, stderr], [0, ""]);
    return stdout;
  };
  /** What the warm path prints; undefined: it leaves it to the full program. */
  const warm = (more: Readonly<Record<string, string>> = {}) => {
    const all: Readonly<Record<string, string>> = { HOME: desk.home, KUBECONFIG: desk.kubeconfig, ...more };
    let printed = "";
    const isAnswered = answerPrompt({
      ...nodeHost(process),
      args: ["status", "--prompt"],
      env: (name) => all[name],
      now: desk.lab.clock,
      print: (text) => {
        printed += text;
      },
    });
    return isAnswered ? printed : undefined;
  };
  const useContext = (args: readonly string[]) => {
    const user = { name: "u", user: { exec: { command: "kubectl-vouch", args: [...args] } } };
    desk.write(
      ".kube/config",
      stringify({
        ...{ apiVersion: "v1", kind: "Config", "current-context": "c", users: [user] },
        contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
      }),
    );
    desk.advance(10_000);
  };
  const credential = ["credential", "eks", "--cluster-name", "lab", "--region", LAB_REGION];

  it("shows the session of AWS_PROFILE, and then without the full program", async () => {
    await logIn();
    assert.equal(warm({ AWS_PROFILE: "dev" }), undefined);
    assert.equal(await prompt({ AWS_PROFILE: "dev" }), "dev 59m\n");
    assert.equal(warm({ AWS_PROFILE: "dev" }), "dev 59m\n");
    assert.equal(warm(), undefined);
    assert.equal(await prompt(), "");
    assert.equal(warm(), "");
    assert.equal(await prompt({ AWS_PROFILE: "odd$(id)name" }), "odd--id-name 59m\n");
    assert.equal(await prompt({ AWS_PROFILE: "keys" }), "");
    assert.equal(await prompt({ AWS_PROFILE: "gone" }), "");
    desk.advance(3_600_000);
    assert.equal(warm({ AWS_PROFILE: "dev" }), "dev\n");
  });

  it("shows the session of the current context before that of AWS_PROFILE, until another is current", async () => {
    await logIn();
    useContext([...credential, "--profile", "dev"]);
    assert.equal(await prompt({ AWS_PROFILE: "keys" }), "dev 59m\n");
    assert.equal(warm({ AWS_PROFILE: "keys" }), "dev 59m\n");
    useContext([...credential, "--ambient"]);
    assert.equal(warm({ AWS_PROFILE: "keys" }), undefined);
    assert.equal(await prompt({ AWS_PROFILE: "keys" }), "");
  });

  it("follows a login and a logout", async () => {
    await logIn();
    await prompt({ AWS_PROFILE: "dev" });
    await desk.run(["logout", "--profile", "dev"], { env: env() });
    desk.advance(10_000);
    assert.equal(warm({ AWS_PROFILE: "dev" }), undefined);
    assert.equal(await prompt({ AWS_PROFILE: "dev" }), "");
    assert.equal(warm({ AWS_PROFILE: "dev" }), "");
  });

  it("shows Vouch's session for a context of Vouch, and where nothing names a profile", async () => {
    desk.logIn();
    desk.write(".aws/config", CONFIG);
    desk.advance(10_000);
    assert.match(await prompt(), /^vouch 7h59m\n$/);
    assert.match(warm() ?? "", /^vouch 7h59m\n$/);
    await desk.run(SETUP_WORDS);
    desk.advance(10_000);
    assert.match(await prompt({ AWS_PROFILE: "keys" }), /^vouch 7h59m\n$/);
    assert.match(await prompt({}, ["--kubeconfig", path.join(desk.home, "none")]), /^vouch 7h/);
  });

  it("is not disturbed by a broken kubeconfig, or a state folder that cannot be written", async () => {
    desk.write(".kube/config", "a: b: c");
    desk.write(".local/state/kubectl-vouch/profiles", "");
    desk.advance(10_000);
    assert.equal(await prompt({ AWS_PROFILE: "keys" }), "");
    assert.equal(warm({ AWS_PROFILE: "keys" }), undefined);
  });
});
