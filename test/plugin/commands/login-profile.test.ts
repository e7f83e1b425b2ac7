import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { cliRoleFile, loginTokenFile } from "../../../token/aws/sources/cache-names.ts";
import { addAssignment, answerDevice } from "../../lab/aws/identity-center.ts";
import { lendSession } from "../../lab/aws/signin/lend-session.ts";
import { addRole, addUser, chainTrust } from "../../lab/aws/world.ts";
import type { SsoConsent } from "../../lab/identity-center-model.ts";
import { LAB_PIN, LAB_ROLE } from "../../lab/lab.ts";
import { type DeskOptions, labDeskAtRest } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";
import { fetched } from "../../token/aws/identity-center/center-lab.ts";

const ADA = { userName: "ada" };

const CONFIG = `[sso-session lab]
sso_start_url = https://lab.awsapps.com/start
sso_region = us-east-1

[profile dev]
sso_session = lab
sso_account_id = 111122223333
sso_role_name = Dev
[profile old]
sso_start_url = https://lab.awsapps.com/start
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = Dev

[profile deploy]
role_arn = arn:aws:iam::111122223333:role/Deploy
source_profile = dev

[profile keys]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = canary

[profile guarded]
role_arn = arn:aws:iam::111122223333:role/Guarded
source_profile = keys
mfa_serial = arn:aws:iam::111122223333:mfa/ada

[profile console]
login_session = arn:aws:sts::111122223333:assumed-role/Console/ada
[profile empty]
region = us-east-1
`;

suiteOnPosix("lab", "kubectl vouch login --profile", () => {
  const desk = labDeskAtRest();
  before(() => addAssignment(desk.lab.world, { userName: "ada", permissionSet: "Dev" }));
  beforeEach(() => {
    const { identityCenter: center } = desk.lab.world;
    for (const known of [center.clients, center.devices, center.codes]) known.clear();
    center.sessions.length = 0;
    desk.lab.aws.clearCalls();
    desk.write(".aws/config", CONFIG);
  });

  const cache = () => path.join(desk.home, ".aws", "sso", "cache");
  const tokens = () =>
    fs
      .readdirSync(cache())
      .map((name) => JSON.parse(fs.readFileSync(path.join(cache(), name), "utf8")))
      .filter((content) => content.accessToken !== undefined);
  const env = () => ({ AWS_ENDPOINT_URL: desk.lab.aws.url });
  /** What the browser showed in the end. */
  let shown: Promise<string>;
  /** Codes that AWS gave to the browser. */
  const codes: string[] = [];
  /** A browser, before which somebody sits. */
  const browser = (person: SsoConsent) => async (address: string) => {
    desk.lab.world.identityCenter.person = person;
    shown = fetched(address, desk.lab.ca.cert).then(async ({ headers: { location = "" } }) => {
      codes.push(new URL(location).searchParams.get("code") ?? "");
      const { text } = await fetched(location, desk.lab.ca.cert);
      return /<h1>(.*)<\/h1>/.exec(text)?.[1] ?? "";
    });
    return true;
  };
  const login = (args: readonly string[], options: DeskOptions = {}) =>
    desk.run(["login", ...args], { ...options, env: { ...env(), ...options.env } });
  const operations = () => desk.lab.aws.calls.map(({ operation }) => operation);

  it("logs in through the browser, which says so, and keeps the session for AWS's tools", async () => {
    const { status, stdout, stderr } = await login(["--profile", "dev"], { openBrowser: browser(ADA) });
    assert.deepEqual([status, stdout], [0, ""], stderr);
    assert.match(
      stderr,
      /^Logging in to IAM Identity Center \(sso-session lab\)\nOpened your browser: sign in there and approve the login\.\n/,
    );
    assert.match(
      stderr,
      /\nLogged in to IAM Identity Center \(sso-session lab\) as ada until .* \(1 h 0 min\); then the token is refreshed until AWS ends the session\.\n/,
    );
    assert.match(
      stderr,
      /\nUsing a custom AWS endpoint: https:\/\/127\.0\.0\.1:\d+\/ \(.*SSO, SSO OIDC, Sign-In\)\n/,
    );
    assert.equal(await shown, "You are logged in");
    assert.ok(codes.length > 0 && codes.every((code) => !stderr.includes(code)));
    assert.equal(tokens().length, 1);
  });

  it("without options is for AWS_PROFILE, else [default]; a Vouch server that is specified comes first", async () => {
    const first = async (env: Record<string, string>) =>
      (await login([], { openBrowser: browser(ADA), env: { VOUCH_SERVER: "", ...env } })).stderr.split(
        "\n",
      )[0];
    const profile = "Logging in for AWS profile";
    assert.equal(await first({ AWS_PROFILE: "deploy" }), `${profile} deploy (from AWS_PROFILE)`);
    desk.write(".aws/config", CONFIG.replace("[profile old]", "[default]"));
    assert.equal(await first({}), `${profile} default (from [default])`);
    const vouch = { AWS_PROFILE: "dev", VOUCH_SERVER: "https://127.0.0.1:1" };
    assert.equal(await first(vouch), "Logging in to https://127.0.0.1:1");
  });

  for (const [profile, where] of [
    ["old", "https://lab.awsapps.com/start"],
    ["deploy", "sso-session lab"],
  ] as const)
    it(`logs in for profile ${profile}, at ${where}`, async () => {
      const { status, stderr } = await login(["--profile", profile], { openBrowser: browser(ADA) });
      assert.equal(status, 0, stderr);
      assert.ok(stderr.startsWith(`Logging in to IAM Identity Center (${where})\n`), stderr);
      assert.equal(tokens().length, 1);
    });

  it("records for the profile where its secrets may go; that it cannot is no failure", async () => {
    await login(["--profile", "dev"], { openBrowser: browser(ADA) });
    const { profiles } = JSON.parse(desk.read(".local/state/kubectl-vouch/profiles.json"));
    const [name = "", ...others] = Object.keys(profiles);
    assert.deepEqual(JSON.parse(name), ["dev", path.join(desk.home, ".aws", "config")]);
    assert.deepEqual(others, []);
    assert.equal(profiles[name].endpoints.ssoOidcEndpoint, `${desk.lab.aws.url}/`);
    const options = { openBrowser: browser(ADA), databaseHome: undefined };
    const { status, stderr } = await login(["--profile", "dev", "--force"], options);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^warning: kubectl will not use the settings of this login: /m);
  });

  it("shows the address where no browser can be opened, and what to do where there is none", async () => {
    const onErr = (text: string) => {
      const [address] = /^https:\S+$/m.exec(text) ?? [];
      if (address !== undefined) void browser(ADA)(address);
    };
    const { status, stderr } = await login(["--profile", "dev"], { openBrowser: async () => false, onErr });
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /\nOpen this address in a browser on this machine and approve the login:\nhttps:.*\nNo browser here\? `kubectl vouch login --profile dev --device-code`\n/,
    );
  });

  it("logs in by a code where that is asked for, with a QR code on a terminal", async () => {
    const onErr = (text: string) => {
      const [, code] = /approve the code ([A-Z-]{9})\./.exec(text) ?? [];
      if (code !== undefined) answerDevice(desk.lab.world.identityCenter, code, ADA);
    };
    const { status, stderr } = await login(["--profile", "dev", "--device-code"], {
      onErr,
      terminals: ["stderr"],
    });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /█/);
    assert.match(
      stderr,
      /\nOpen https:\/\/127\.0\.0\.1:\d+\/device\?user_code=([A-Z-]{9}) in a browser on this or any other device\.\nSign in there and approve the code \1\. Never approve a code that someone else sent you\.\n/,
    );
    assert.equal(tokens().length, 1);
  });

  it("tells programs what there is", async () => {
    const args = ["--profile", "deploy", "-o", "json"];
    const first = JSON.parse((await login(args, { openBrowser: browser(ADA) })).stdout);
    const again = JSON.parse((await login(args)).stdout);
    const { expiresAt, expiresInSeconds, ...rest } = first.identityCenter;
    assert.deepEqual(rest, {
      ...{ session: "lab", startUrl: "https://lab.awsapps.com/start" },
      ...{ region: "us-east-1", refreshable: true },
    });
    assert.ok(expiresInSeconds > 3500 && Date.parse(expiresAt) > desk.lab.clock());
    assert.deepEqual([first.status, again.status], ["logged-in", "already-logged-in"]);
    assert.deepEqual([first.endpoints.ssoEndpoint, again.endpoints], [`${desk.lab.aws.url}/`, undefined]);
  });

  it("says that the person is logged in already, unless AWS has ended the session, or --force is given", async () => {
    await login(["--profile", "dev"], { openBrowser: browser(ADA) });
    const again = await login(["--profile", "dev"]);
    assert.equal(again.status, 0);
    assert.match(
      again.stderr,
      /^Already logged in to IAM Identity Center .*\nTo log in again: `kubectl vouch login --profile dev --force`\n$/,
    );
    const [before] = tokens();
    assert.equal((await login(["--profile", "dev", "--force"], { openBrowser: browser(ADA) })).status, 0);
    assert.notEqual(tokens()[0].accessToken, before.accessToken);
    desk.lab.world.identityCenter.sessions.length = 0;
    const anew = await login(["--profile", "dev"], { openBrowser: browser(ADA) });
    assert.match(anew.stderr, /\nLogged in to IAM Identity Center /);
  });

  it("does and says nothing while the session lives that long, and refreshes it where it can", async () => {
    await login(["--profile", "dev"], { openBrowser: browser(ADA) });
    desk.lab.aws.clearCalls();
    for (const time of ["30m", "1h", "8h"]) {
      const { status, stderr } = await login(["--profile", "dev", "--if-needed", time]);
      assert.deepEqual([status, stderr], [0, ""], time);
    }
    assert.deepEqual(operations(), []);
    desk.advance(40 * 60_000);
    const { status, stderr } = await login(["--profile", "dev", "--if-needed", "1h"]);
    assert.deepEqual([status, stderr, operations()], [0, "", ["CreateToken"]]);
    desk.advance(9 * 3_600_000);
    const over = await login(["--profile", "dev", "--if-needed", "1h"], { openBrowser: browser(ADA) });
    assert.match(over.stderr, /\nLogged in to /);
  });

  it("warns that a session which AWS refreshed could not be kept", async () => {
    await login(["--profile", "dev"], { openBrowser: browser(ADA) });
    desk.advance(40 * 60_000);
    const { renameSync } = fs;
    fs.renameSync = (from, to) => {
      if (path.dirname(String(to)) !== cache()) return renameSync(from, to);
      throw Object.assign(new Error("EBUSY: resource busy or locked"), { code: "EBUSY" });
    };
    try {
      const { status, stderr } = await login(["--profile", "dev", "--if-needed=8h"], {
        openBrowser: () => assert.fail("a browser was opened"),
      });
      assert.equal(status, 0, stderr);
      assert.match(
        stderr,
        /^warning: AWS refreshed the session of IAM Identity Center \(sso-session lab\), but the new token could not be stored: /,
      );
    } finally {
      fs.renameSync = renameSync;
    }
  });

  it("logs in at the Vouch server that a profile of Vouch's names, with the security key", async () => {
    const { url } = desk.lab.vouch;
    const line = `kubectl-vouch credential aws --role ${LAB_ROLE} --server ${url}`;
    const roles = `[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/Admin\nsource_profile = vouch\n`;
    desk.write(".aws/config", `[profile vouch]\ncredential_process = ${line}\n${roles}`);
    for (const profile of ["vouch", "admin"]) {
      const key = ["--pin-stdin", "--key-store", "file", "--force"];
      const options = {
        stdin: `${LAB_PIN}\n`,
        terminal: "none",
        env: { VOUCH_SERVER: "https://x.example" },
      } as const;
      const { status, stderr } = await login(["--profile", profile, ...key], options);
      assert.equal(status, 0, stderr);
      assert.ok(stderr.startsWith(`Logging in to ${url}\n`), stderr);
    }
  });

  for (const [way, flags] of Object.entries({ browser: [], code: ["--device-code"] }))
    it(`waits for the answer to the ${way} as long as --timeout says`, async () => {
      const asked = ["--profile", "dev", "--timeout", "0.2", ...flags];
      const { status, stderr } = await login(asked, { openBrowser: async () => true });
      assert.equal(status, 1, stderr);
      assert.match(
        stderr,
        /\nerror: The login to IAM Identity Center \(sso-session lab\) was not approved in time\. \[sso-login-unanswered\]\n/,
      );
      const again = ["kubectl vouch login --profile dev", ...flags].join(" ");
      assert.ok(stderr.endsWith(`\nRun \`${again}\`.\n`), stderr);
      assert.deepEqual(fs.existsSync(cache()) ? tokens() : [], []);
    });

  it("ends a login that was answered in time, however long that takes", async () => {
    const openBrowser = async (address: string) => {
      await browser(ADA)(address);
      await new Promise((resolve) => setTimeout(resolve, 500));
      return true;
    };
    const { status, stderr } = await login(["--profile", "dev", "--timeout", "0.4"], { openBrowser });
    assert.equal(status, 0, stderr);
    assert.equal(tokens().length, 1);
  });

  it("waits as long as AWS does with --timeout 0, and takes an answer in time", async () => {
    for (const seconds of ["0", "60", "2200000", "99999999999"]) {
      const words = ["--profile", "dev", "--force", "--timeout", seconds];
      const { status, stderr } = await login(words, { openBrowser: browser(ADA) });
      assert.equal(status, 0, stderr);
    }
  });

  it("ends with 130 where somebody interrupts it before", async () => {
    const stop = new AbortController();
    const openBrowser = async () => {
      stop.abort();
      return true;
    };
    const { status } = await login(["--profile", "dev", "--timeout", "60"], {
      openBrowser,
      signal: stop.signal,
    });
    assert.equal(status, 130);
  });

  it("ends with 5 when the person does not allow it, in the browser too", async () => {
    const { status, stderr } = await login(["--profile", "dev"], { openBrowser: browser("denied") });
    assert.equal(status, 5, stderr);
    assert.match(stderr, /was denied: access_denied\./);
    assert.equal(await shown, "You are not logged in");
  });

  for (const [profile, words, status] of [
    ["keys", /its access key is already configured\.\s.*\n?.*`kubectl vouch login --server URL`\./, 6],
    [
      "console",
      /uses a session that only the AWS CLI can start\..*\n.*Run `aws login --profile console`\./,
      6,
    ],
    ["empty", /AWS profile empty .* does not provide credentials/, 6],
    ["nobody", /AWS profile nobody \(from --profile\) not found/, 6],
  ] as const)
    it(`says that profile ${profile} has nothing to log in to`, async () => {
      const { status: ended, stderr } = await login(["--profile", profile]);
      assert.equal(ended, status, stderr);
      assert.match(stderr, words);
    });

  const PAIR = "and --profile cannot be combined:";
  const NO_SERVER = `--server, --account ${PAIR} the profile specifies where to log in.`;
  const NO_KEY = `--pin-stdin, --key-store ${PAIR} AWS profile dev does not need a security key.`;
  const NO_CENTER = `${PAIR} AWS profile guarded does not use IAM Identity Center.`;
  for (const [words, status, message] of [
    ["--profile dev --server https://x.example", 64, NO_SERVER],
    ["--profile dev --account ada@example.com", 64, NO_SERVER],
    ["--profile dev --pin-stdin", 64, NO_KEY],
    ["--profile dev --key-store file", 64, NO_KEY],
    ["--profile dev --force --if-needed 1h", 64, "--force and --if-needed cannot be combined."],
    ["--profile dev --if-needed soon", 64, "soon"],
    ["--profile keys --device-code", 6, "AWS profile keys does not need a login:"],
    ["--profile guarded --device-code", 64, `--device-code ${NO_CENTER}`],
    ["--profile dev --timeout -1", 64, "--timeout must be a number of seconds; 0 means no limit."],
    ["--profile guarded --timeout 5", 64, `--timeout ${NO_CENTER}`],
    ["--device-code", 64, "--device-code works only with --profile."],
  ] as const)
    it(`refuses ${words}, and asks nobody`, async () => {
      const ended = await login(words.split(" "), { terminal: "none" });
      assert.equal(ended.status, status, ended.stderr);
      assert.ok(ended.stderr.startsWith("error: ") && ended.stderr.includes(message), ended.stderr);
      assert.deepEqual([ended.stdout, operations(), fs.existsSync(cache())], ["", [], false]);
    });

  describe("for a role that demands a code of an MFA device", () => {
    const SERIAL = "arn:aws:iam::111122223333:mfa/ada";
    const GUARDED = "arn:aws:iam::111122223333:role/Guarded";
    const device = { serial: SERIAL, codes: [] as string[] };
    before(() => {
      addUser(desk.lab.world, {
        name: "ada",
        accessKeys: [{ id: "AKIAADA0000000000001", secret: "canary-ada", active: true }],
        mfaDevices: [device],
      });
    });
    beforeEach(() => {
      device.codes = ["123456", "654321"];
      addRole(desk.lab.world, {
        name: "Guarded",
        trust: [chainTrust("arn:aws:iam::111122223333:user/ada")],
        allows: [{ actions: ["sts:AssumeRole"], resources: ["*"] }],
      });
      const guarded = `role_arn = ${GUARDED}\nsource_profile = ada`;
      const ada = "aws_access_key_id = AKIAADA0000000000001\naws_secret_access_key = canary-ada";
      const profiles = `[profile ada]\n${ada}\n[profile guarded]\n${guarded}\nmfa_serial = ${SERIAL}\n`;
      const behind = "role_arn = arn:aws:iam::111122223333:role/Behind\nsource_profile = guarded";
      desk.write(".aws/config", `${profiles}[profile behind]\n${behind}\n`);
      addRole(desk.lab.world, { name: "Behind", trust: [chainTrust(GUARDED)] });
      desk.write(".config/kubectl-vouch/config.yaml", "keyStore: file\n");
    });

    it("asks for it on the terminal, keeps the credentials, and asks again only when told to", async () => {
      const terminal = scriptedTerminal(["123456"]);
      const first = await login(["--profile", "guarded"], { terminal });
      assert.equal(first.status, 0, first.stderr);
      terminal.verify();
      assert.equal(terminal.shown(), `MFA code of ${SERIAL}: 123456\n`);
      assert.match(
        first.stderr,
        /^The role credentials of AWS profile guarded are valid until .* \(59 min\)\.\n/,
      );
      const again = await login(["--profile", "guarded", "-o", "json"]);
      assert.equal(JSON.parse(again.stdout).status, "already-logged-in");
      const other = scriptedTerminal(["654321"]);
      const forced = await login(["--profile", "guarded", "--force", "-o", "json"], { terminal: other });
      assert.equal(forced.status, 0, forced.stderr);
      assert.equal(JSON.parse(forced.stdout).status, "logged-in");
      other.verify();
    });

    /** Whether a code was asked for, which is the next one of the device. */
    const wasAsked = async (...args: readonly string[]) => {
      const [code = ""] = device.codes;
      const terminal = scriptedTerminal([code]);
      const { status, stdout, stderr } = await login([...args, "-o", "json"], { terminal });
      assert.equal(status, 0, stderr);
      const isAsked = terminal.shown() !== "";
      assert.equal(JSON.parse(stdout).status, isAsked ? "logged-in" : "already-logged-in");
      return isAsked;
    };

    it("takes what the AWS CLI keeps, but for --force, and where it ends too soon for --if-needed", async () => {
      const none = { sessionName: undefined, externalId: undefined, durationSeconds: undefined };
      const file = cliRoleFile({ roleArn: GUARDED, mfaSerial: SERIAL, ...none });
      const Credentials = {
        AccessKeyId: "ASIAOFTHECLI00000001",
        SecretAccessKey: "canary-cli",
        SessionToken: "canary-cli-session",
        Expiration: new Date(desk.lab.clock() + 20 * 60_000).toISOString(),
      };
      const keep = () => desk.write(`.aws/cli/cache/${file}`, JSON.stringify({ Credentials }));
      keep();
      assert.equal(await wasAsked("--profile", "guarded"), false);
      assert.equal(await wasAsked("--profile", "guarded", "--if-needed", "15m"), false);
      assert.equal(await wasAsked("--profile", "guarded", "--if-needed", "30m"), true);
      assert.equal(await wasAsked("--profile", "guarded", "--if-needed", "30m"), false);
      assert.equal(await wasAsked("--profile", "guarded", "--force"), true);
    });

    it("looks at the role that demands it, where another one comes after", async () => {
      assert.equal(await wasAsked("--profile", "behind"), true);
      assert.equal(await wasAsked("--profile", "behind"), false);
      assert.equal(await wasAsked("--profile", "guarded"), false);
      assert.equal(await wasAsked("--profile", "behind", "--force"), true);
      desk.advance(40 * 60_000);
      device.codes = ["222222"];
      assert.equal(await wasAsked("--profile", "behind", "--if-needed", "10m"), false);
      assert.equal(await wasAsked("--profile", "behind", "--if-needed", "30m"), true);
      assert.match(
        (await login(["--profile", "behind"])).stderr,
        /^The cached role credentials of AWS profile behind are valid until .* \(59 min\)\.\n/,
      );
    });

    it("is no login where nothing is kept, and says so", async () => {
      desk.write(".config/kubectl-vouch/config.yaml", "keyStore: file\ncache: off\n");
      const { status, stderr } = await login(["--profile", "guarded"], { terminal: "none" });
      assert.equal(status, 7, stderr);
      assert.match(
        stderr,
        /^error: AWS profile guarded requires an MFA code for each call, since its credentials cannot be cached: cache is off\. \[mfa-code-needed\]\nTo cache them: `kubectl vouch config set cache on`\n$/,
      );
    });

    it("asks for it over what aws login began, and says where that is due first", async () => {
      const session = "arn:aws:sts::111122223333:assumed-role/Console/ada";
      const role = addRole(desk.lab.world, { name: "Console" });
      const guarded = `role_arn = ${GUARDED}\nsource_profile = console\nmfa_serial = ${SERIAL}`;
      desk.write(".aws/config", `[profile console]\nlogin_session = ${session}\n[profile r]\n${guarded}\n`);
      const without = await login(["--profile", "r"], { terminal: "none" });
      assert.equal(without.status, 2, without.stderr);
      assert.match(without.stderr, /\[aws-login-needed\]\nLog in: `aws login --profile console`\n$/);
      const { file } = lendSession(desk.lab.world, { role, now: desk.lab.clock(), leftMs: 600_000 });
      desk.write(`.aws/login/cache/${loginTokenFile(session)}`, JSON.stringify(file));
      await codeIsOfAUser(["--profile", "r"]);
    });

    it("asks for it over a session of Vouch's, once somebody is logged in there", async () => {
      const { url } = desk.lab.vouch;
      const line = `kubectl-vouch credential aws --role ${LAB_ROLE} --server ${url}`;
      const guarded = `role_arn = ${GUARDED}\nsource_profile = vouch\nmfa_serial = ${SERIAL}`;
      desk.write(".aws/config", `[profile vouch]\ncredential_process = ${line}\n[profile r]\n${guarded}\n`);
      await codeIsOfAUser(["--profile", "r", "--pin-stdin"], { stdin: `${LAB_PIN}\n` });
    });

    /** AWS takes a code from users alone: the question is asked, and the answer is AWS's. */
    const codeIsOfAUser = async (args: readonly string[], options: DeskOptions = {}) => {
      const terminal = scriptedTerminal(["123456"]);
      const { status, stderr } = await login(args, { ...options, terminal });
      terminal.verify();
      assert.equal(status, 7, stderr);
      assert.match(stderr, /unable to validate MFA code.*\[mfa-code-wrong\]/);
    };

    it("says that a code is wrong", async () => {
      const { status, stderr } = await login(["--profile", "guarded"], {
        terminal: scriptedTerminal(["000000"]),
      });
      assert.equal(status, 7, stderr);
      assert.match(stderr, /\[mfa-code-wrong\]/);
    });

    it("asks nobody where there is no terminal", async () => {
      const { status, stderr } = await login(["--profile", "guarded"], { terminal: "none" });
      assert.equal(status, 7, stderr);
      assert.match(
        stderr,
        /Cannot prompt for the MFA code of arn:aws:iam::111122223333:mfa\/ada without a terminal/,
      );
    });
  });
});
