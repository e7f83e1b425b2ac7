import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { loginTokenFile, ssoTokenFile } from "../../../token/aws/sources/cache-names.ts";
import { addAssignment } from "../../lab/aws/identity-center.ts";
import { lendSession } from "../../lab/aws/signin/lend-session.ts";
import { addRole } from "../../lab/aws/world.ts";
import { onFullDisk, onReadOnlyDisk } from "../../support/full-disk.ts";
import { labDeskAtRest } from "../../support/lab-desk.ts";
import { ourContexts } from "../../support/our-contexts.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { sessionOf } from "../../token/aws/identity-center/center-lab.ts";

const START_URL = "https://lab.awsapps.com/start";

const CONFIG = `[sso-session lab]
sso_start_url = ${START_URL}
sso_region = us-east-1

[profile dev]
sso_session = lab
sso_account_id = 111122223333
sso_role_name = Dev

[profile deploy]
role_arn = arn:aws:iam::111122223333:role/Deploy
source_profile = dev

[profile old]
sso_start_url = ${START_URL}
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = Dev

[profile broken]
sso_session = nobody
sso_account_id = 1
sso_role_name = Dev

[profile keys]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = canary
`;

suiteOnPosix("lab", "sessions of AWS profiles", () => {
  const desk = labDeskAtRest();
  before(() => addAssignment(desk.lab.world, { userName: "ada", permissionSet: "Dev" }));
  beforeEach(() => {
    const { identityCenter: center } = desk.lab.world;
    center.clients.clear();
    center.sessions.length = 0;
    desk.lab.aws.clearCalls();
    desk.write(".aws/config", CONFIG);
  });

  const fileOf = (session: string) => path.join(desk.home, ".aws/sso/cache", ssoTokenFile(session));
  /** Somebody has logged in, by whatever tool. */
  function begin(session: string, fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const token = { ...sessionOf(desk.lab.world.identityCenter, desk.lab.clock()), ...fields };
    desk.write(path.relative(desk.home, fileOf(session)), JSON.stringify(token));
    return token;
  }
  const operations = () => desk.lab.aws.calls.map(({ operation }) => operation);
  const past = () => new Date(desk.lab.clock() - 60_000).toISOString();

  describe("kubectl vouch status", () => {
    /** Nobody named a Vouch server. */
    const status = (...flags: string[]) =>
      desk.run(["status", "--offline", ...flags], { env: { VOUCH_SERVER: undefined } });
    const lines = (stdout: string) => stdout.split("\n").filter((line) => line.startsWith("AWS:"));
    const sessions = async () => JSON.parse((await status("-o", "json")).stdout).identityCenterSessions;
    const contexts = (...who: readonly string[]) => desk.write(".kube/config", ourContexts(who));

    it("lists each once, with the profiles that go by it; nobody is asked", async () => {
      begin("lab");
      begin(START_URL, { refreshToken: undefined });
      const { status: ended, stdout } = await status();
      const [one = "", other = "", ...more] = lines(stdout);
      assert.match(
        one,
        /^AWS: {8}IAM Identity Center \(sso-session lab\): until (?:\d{4}-\d\d-\d\d )?\d\d:\d\d UTC\S*, 59 min left, then refreshed \(profiles deploy, dev\)$/,
      );
      assert.match(
        other,
        /\(https:\/\/lab\.awsapps\.com\/start\): until (?:\d{4}-\d\d-\d\d )?\d\d:\d\d UTC\S*, 59 min left \(profile old\)$/,
      );
      assert.deepEqual([ended, more, operations()], [0, [], []]);
    });

    it("tells programs the same, and of the Vouch server apart from it", async () => {
      begin("lab");
      contexts("--profile deploy");
      const { authenticated, identityCenterSessions } = JSON.parse((await status("-o", "json")).stdout);
      assert.equal(authenticated, false);
      const [{ expiresAt, expiresInSeconds, ...rest }] = identityCenterSessions;
      assert.deepEqual(rest, {
        ...{ session: "lab", startUrl: START_URL, region: "us-east-1" },
        ...{ authenticated: true, needed: true, refreshable: true, profiles: ["deploy", "dev"] },
      });
      assert.ok(Date.parse(expiresAt) > desk.lab.clock() && expiresInSeconds > 3500);
    });

    it("says that one has ended, and what to run", async () => {
      begin("lab", { expiresAt: past() });
      begin(START_URL, { expiresAt: past(), refreshToken: undefined });
      const { status: ended, stdout } = await status();
      const [one = "", other = ""] = lines(stdout);
      assert.match(
        one,
        /: ended at (?:\d{4}-\d\d-\d\d )?\d\d:\d\d UTC\S*; it is refreshed on the next use, or run `kubectl vouch login --profile dev` \(profiles deploy, dev\)$/,
      );
      assert.match(
        other,
        /: ended at (?:\d{4}-\d\d-\d\d )?\d\d:\d\d UTC\S*; run `kubectl vouch login --profile old` \(profile old\)$/,
      );
      assert.equal(ended, 0);
      assert.deepEqual(
        (await sessions()).map((found: { authenticated: boolean }) => found.authenticated),
        [true, false],
      );
    });

    it("lists one that a context needs and that nobody has begun", async () => {
      contexts("--profile deploy", "--profile keys");
      const { status: ended, stdout } = await status();
      assert.deepEqual(lines(stdout), [
        "AWS:        IAM Identity Center (sso-session lab): not logged in; run `kubectl vouch login --profile deploy` (profiles deploy, dev)",
      ]);
      assert.equal(ended, 2);
      assert.deepEqual(await sessions(), [
        {
          ...{ session: "lab", startUrl: START_URL, region: "us-east-1" },
          ...{ authenticated: false, needed: true, refreshable: false, profiles: ["deploy", "dev"] },
        },
      ]);
    });

    it("names the profile of the caller, and that of a context's own file", async () => {
      const other = desk.write("other", CONFIG.replaceAll("lab", "elsewhere"));
      const env = { VOUCH_SERVER: undefined, AWS_PROFILE: "dev", AWS_CONFIG_FILE: other };
      contexts("--ambient");
      const { stdout } = await desk.run(["status", "--offline"], { env });
      assert.match(lines(stdout).join("\n"), /sso-session elsewhere\).*`kubectl vouch login --profile dev` /);
    });

    describe("where contexts say who has to be logged in, ends", () => {
      const ends: readonly (readonly [string, readonly string[], readonly string[], number])[] = [
        ["0 where no context needs a login", ["--profile keys"], [], 0],
        ["2 where one of several is not begun", ["--profile dev", "--profile old"], ["lab"], 2],
        ["0 where all are", ["--profile dev", "--profile old", "--profile keys"], ["lab", START_URL], 0],
        ["2 where another one is", ["--profile old"], ["lab"], 2],
        ["2 where Vouch is meant, too", ["--profile dev", "--role arn:aws:iam::1:role/x"], ["lab"], 2],
        ["0 for a profile that gives nothing anyway", ["--profile broken"], [], 0],
      ];
      for (const [what, who, begun, expected] of ends)
        it(`with ${what}`, async () => {
          contexts(...who);
          for (const session of begun) begin(session);
          const { status: ended, stdout } = await status();
          assert.equal(ended, expected, stdout);
        });

      it("with 0 where a token that has ended can be refreshed, else with 2", async () => {
        contexts("--profile dev");
        begin("lab", { expiresAt: past() });
        assert.equal((await status()).status, 0);
        begin("lab", { expiresAt: past(), refreshToken: undefined });
        assert.equal((await status()).status, 2);
      });

      it("with Vouch where a profile is Vouch's", async () => {
        const line = "kubectl-vouch credential aws --role arn:aws:iam::111122223333:role/Dev";
        desk.write(".aws/config", `${CONFIG}[profile vouch]\ncredential_process = ${line}\n`);
        contexts("--profile vouch");
        const { status: ended, stdout } = await status();
        assert.equal(ended, 2);
        assert.match(stdout, /^Session: {4}not logged in; run `kubectl vouch login /m);
      });

      it("by Vouch's session and by those of AWS profiles, where contexts need both", async () => {
        desk.logIn();
        desk.write(".aws/config", CONFIG);
        contexts("--role arn:aws:iam::1:role/x", "--profile old");
        assert.equal((await status()).status, 2);
        begin(START_URL);
        assert.equal((await status()).status, 0);
      });

      it("with 2 where only the Vouch server that somebody names has a session", async () => {
        desk.logIn();
        desk.write(".aws/config", CONFIG);
        contexts("--profile old");
        assert.equal((await status("--server", desk.lab.vouch.url)).status, 2);
        assert.equal((await desk.run(["status", "--offline"])).status, 2, "VOUCH_SERVER names it");
      });

      it("by profiles alone where somebody used Vouch once, and no context does", async () => {
        desk.logIn();
        desk.write(".aws/config", CONFIG);
        desk.advance(9 * 3_600_000);
        contexts("--profile keys");
        const { status: ended, stdout } = await status();
        assert.equal(ended, 0);
        assert.match(stdout, /^Session: {4}ended at /m);
      });

      it("with 2 where the kubeconfig cannot be read, whoever is logged in", async () => {
        begin("lab");
        desk.write(".kube/config", "contexts: [\n");
        assert.equal((await status()).status, 2);
      });

      it("with 0 where the profiles cannot be read, and no context needs one", async () => {
        desk.logIn();
        contexts("--role arn:aws:iam::1:role/x");
        desk.write(".aws/config", "[profile dev\n");
        assert.equal((await status()).status, 0);
      });

      it("with 2 where the profiles cannot be read", async () => {
        contexts("--profile keys");
        desk.write(".aws/config", "[profile dev\n");
        assert.equal((await status()).status, 2);
      });
    });

    describe("of a context by what `aws login` began", () => {
      const ARN = "arn:aws:sts::111122223333:assumed-role/Console/ada";
      const HOUR = 3_600_000;
      beforeEach(() => {
        desk.write(".aws/config", `${CONFIG}[profile console]\nlogin_session = ${ARN}\n`);
        contexts("--profile console", "--profile keys");
      });
      const logIn = (leftMs: number) => {
        const { world, clock } = desk.lab;
        const { file } = lendSession(world, {
          role: addRole(world, { name: "Console" }),
          now: clock(),
          leftMs,
        });
        desk.write(`.aws/login/cache/${loginTokenFile(ARN)}`, JSON.stringify(file));
      };
      const told = async () => {
        const { status: ended, stdout } = await status();
        const [login] = JSON.parse((await status("-o", "json")).stdout).awsLogins;
        return { ended, line: lines(stdout).join("\n"), authenticated: login.authenticated, login };
      };

      it("says that nobody is logged in, and what to run", async () => {
        const { ended, line, login } = await told();
        assert.equal(
          line,
          `AWS:        aws login as ${ARN}: not logged in; run \`aws login --profile console\` (profile console)`,
        );
        assert.equal(ended, 2);
        assert.deepEqual(login, { session: ARN, authenticated: false, profile: "console" });
      });

      for (const [what, leftMs, says, authenticated] of [
        ["are good", HOUR / 6, /: until .*, 10 min left, then refreshed \(profile console\)$/, true],
        [
          "have ended, and can be had anew",
          -HOUR,
          /: ended at .*; it is refreshed on the next use, or run /,
          true,
        ],
        ["ended longer ago than a login lives", -13 * HOUR, /: ended at .*; run `aws login /, false],
      ] as const)
        it(`says that its keys ${what}`, async () => {
          logIn(leftMs);
          const found = await told();
          assert.match(found.line, says);
          assert.deepEqual([found.ended, found.authenticated], [authenticated ? 0 : 2, authenticated]);
          assert.deepEqual(operations(), []);
        });

      it("says why its file cannot be read", async () => {
        fs.mkdirSync(path.join(desk.home, ".aws/login/cache", loginTokenFile(ARN)), { recursive: true });
        const { status: ended, stdout } = await status();
        assert.equal(ended, 2);
        assert.match(lines(stdout).join(), /^AWS: {8}unknown: /);
      });
    });

    it("ends with 2 when nobody is logged in anywhere, nor at the server that somebody names", async () => {
      assert.equal((await status()).status, 2);
      begin(START_URL, { expiresAt: past(), refreshToken: undefined });
      assert.equal((await status()).status, 2);
      begin("lab");
      assert.equal((await status()).status, 0);
      assert.equal((await status("--server", desk.lab.vouch.url)).status, 2);
      assert.equal((await desk.run(["status", "--offline"])).status, 2, "VOUCH_SERVER names it");
    });

    it("ends with 0 for whoever is logged in at Vouch alone", async () => {
      desk.logIn();
      desk.write(".aws/config", CONFIG);
      const { status: ended, stdout } = await status();
      assert.deepEqual([ended, lines(stdout)], [0, []]);
      assert.equal(JSON.parse((await status("-o", "json")).stdout).authenticated, true);
    });

    it("says why the profiles cannot be read, and all the rest", async () => {
      desk.write(".aws/config", "[profile dev\n");
      const { stdout } = await status();
      assert.match(stdout, /^Session: {4}not logged in/m);
      assert.match(lines(stdout)[0] ?? "", /^AWS: {8}unknown: .*config/);
      assert.match(JSON.parse((await status("-o", "json")).stdout).profilesProblem, /config/);
    });

    it("takes what others keep in such a file for no session", async () => {
      desk.write(path.relative(desk.home, fileOf("lab")), '{"editor": true}');
      assert.deepEqual(lines((await status()).stdout), []);
    });
  });

  describe("kubectl vouch logout", () => {
    for (const flags of [[], ["--all"]])
      it(`says which sessions it does not end${flags.map((flag) => `, with ${flag}`).join("")}`, async () => {
        begin("lab");
        begin(START_URL, { expiresAt: past(), refreshToken: undefined });
        const { status, stderr } = await desk.run(["logout", ...flags]);
        assert.equal(status, 0);
        assert.equal(
          stderr,
          "You were not logged in to Vouch.\nYou are still logged in to IAM Identity Center (sso-session lab): `kubectl vouch logout --profile dev`\n",
        );
        assert.deepEqual(operations(), []);
      });

    it("says it beside the sessions that it ends, where all were meant", async () => {
      desk.logIn();
      desk.write(".aws/config", CONFIG);
      begin("lab");
      const { stderr } = await desk.run(["logout", "--all"]);
      assert.match(stderr, /^Logged out \S+ from \S+\.\nYou are still logged in to IAM .+\n$/);
    });
  });

  describe("kubectl vouch logout --profile", () => {
    const logout = (profile: string, ...flags: string[]) =>
      desk.run(["logout", "--profile", profile, ...flags]);

    it("ends the session at AWS and removes its file, and no other", async () => {
      begin("lab");
      begin("other");
      desk.write(".aws/sso/cache/editor.json", '{"accessToken": "canary-of-another"}');
      desk.write(".aws/cli/cache/x.json", "{}");
      const { status, stderr } = await logout("deploy");
      assert.equal(status, 0, stderr);
      assert.equal(
        stderr,
        "Logged out of IAM Identity Center (sso-session lab).\nCleared the cache for AWS profiles.\n",
      );
      assert.deepEqual(operations(), ["Logout"]);
      assert.equal(desk.lab.world.identityCenter.sessions.length, 1);
      const left = fs.readdirSync(path.join(desk.home, ".aws/sso/cache")).sort();
      assert.deepEqual(left, [path.basename(fileOf("other")), "editor.json"].sort());
      assert.ok(fs.existsSync(path.join(desk.home, ".aws/cli/cache/x.json")));
      const again = await logout("deploy");
      assert.equal(again.status, 0);
      assert.match(again.stderr, /^You were not logged in to IAM Identity Center/);
    });

    it("ends one whose token has ended, too, as it could be refreshed", async () => {
      begin("lab", { expiresAt: past() });
      assert.equal((await logout("dev")).status, 0);
      assert.deepEqual(operations(), ["CreateToken", "Logout"]);
      assert.deepEqual(desk.lab.world.identityCenter.sessions, []);
    });

    it("forgets it here when AWS cannot be told", async () => {
      begin("lab");
      desk.lab.aws.faults.down = true;
      const { status, stderr, stdout } = await logout("dev", "-o", "json");
      assert.equal(status, 0, stderr);
      const { identityCenter } = JSON.parse(stdout);
      assert.equal(identityCenter.status, "server-not-told");
      assert.match(identityCenter.problem, /127\.0\.0\.1/);
      assert.equal(fs.existsSync(fileOf("lab")), false);
    });

    for (const [what, disk] of [
      ["only read", onReadOnlyDisk],
      ["full", onFullDisk],
    ] as const)
      it(`ends the session at AWS where the disk is ${what}, and says what could not be removed`, async () => {
        begin("lab");
        desk.write(".local/state/kubectl-vouch/profiles/token-0123abcd.json", "{}");
        const { status, stderr } = await disk(desk.home, () => logout("dev"));
        assert.deepEqual(operations(), ["Logout"]);
        assert.deepEqual(desk.lab.world.identityCenter.sessions, []);
        assert.match(stderr, /^Logged out of IAM Identity Center \(sso-session lab\)\.\n/);
        if (what === "full") return assert.equal(status, 0, stderr);
        assert.equal(status, 6);
        assert.match(
          stderr,
          /\nerror: The session at IAM \S+ \S+ .* has ended, but this machine still stores parts of it: \S+ could not be removed: the file system is read-only\. \[file-unwritable\]\n/,
        );
        assert.doesNotMatch(stderr, /forgotten/);
      });

    it("leaves what is no session, and removes what is nothing", async () => {
      const file = path.relative(desk.home, fileOf("lab"));
      desk.write(file, '{"editor": true}');
      assert.match((await logout("dev")).stderr, /^You were not logged in/);
      assert.equal(desk.read(file), '{"editor": true}');
      desk.write(file, '{"accessToken": "canary-ha');
      assert.match((await logout("dev")).stderr, /^You were not logged in/);
      assert.equal(fs.existsSync(fileOf("lab")), false);
    });

    it("forgets the tokens and credentials that are cached of AWS profiles", async () => {
      begin("lab");
      const state = ".local/state/kubectl-vouch/profiles";
      const token = desk.write(`${state}/token-0123abcd.json`, "{}");
      assert.equal((await logout("dev")).status, 0);
      assert.equal(fs.existsSync(token), false);
    });

    for (const [profile, settings, told] of [
      ["keys", "", "AWS profile keys does not use a login session: its access key is already configured."],
      [
        "chained",
        "role_arn = arn:aws:iam::111122223333:role/Deploy\nsource_profile = keys\n",
        "AWS profile chained does not use a login session: its access key is already configured.",
      ],
      [
        "console",
        "login_session = arn:aws:sts::111122223333:assumed-role/Console/ada\n",
        "AWS profile console uses a session that only the AWS CLI can end: `aws logout --profile console`",
      ],
    ] as const)
      it(`forgets what is cached also for profile ${profile}, which has no session of ours`, async () => {
        if (settings !== "") desk.write(".aws/config", `${CONFIG}[profile ${profile}]\n${settings}`);
        const token = desk.write(".local/state/kubectl-vouch/profiles/token-0123abcd.json", "{}");
        const { status, stderr, stdout } = await logout(profile);
        assert.deepEqual([status, stdout], [0, ""]);
        assert.equal(stderr, `${told}\nCleared the cache for AWS profiles.\n`);
        assert.equal(fs.existsSync(token), false);
        const { kind, ...rest } = JSON.parse((await logout(profile, "-o", "json")).stdout);
        assert.deepEqual([kind, rest.profile, rest.identityCenter], ["ProfileLogout", profile, undefined]);
      });

    for (const flags of [["--all"], ["--server", "https://x.example"], ["--account", "a@b.example"]])
      it(`refuses ${flags.join(" ")} beside it`, async () =>
        assert.equal((await logout("dev", ...flags)).status, 64));
  });
});
