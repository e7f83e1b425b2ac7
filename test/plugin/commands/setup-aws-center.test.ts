import assert from "node:assert/strict";
import fs from "node:fs";
import type { ServerResponse } from "node:http";
import path from "node:path";
import { ssoTokenFile } from "../../../token/aws/sources/cache-names.ts";
import { answerDevice } from "../../lab/aws/identity-center.ts";
import { LAB_REGION } from "../../lab/lab.ts";
import { ADA, centerDesk, LAB, PROD, profile, SESSION, URL } from "../../support/center-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

suiteOnPosix("lab", "kubectl vouch setup aws --sso-start-url", () => {
  const { desk, center, assign, browser, run, setup, config, operations } = centerDesk();

  it("writes a profile for each account and role into an empty home, after a login", async () => {
    const { status, stdout, stderr } = await setup();
    assert.deepEqual([status, stdout], [0, ""], stderr);
    assert.match(
      stderr,
      /^Logging in to IAM Identity Center \(sso-session lab\)\nOpened your browser: .*\nLogged in to IAM Identity Center \(sso-session lab\) as ada until .*\nUsing a custom AWS endpoint: .*\n/,
    );
    assert.ok(
      stderr.endsWith(
        `Profiles added: 2 (Lab-Dev, Prod-Dev)\nWrote ${config()}; undo with \`kubectl vouch setup aws --undo\`\n` +
          "Next, set up kubectl: `kubectl vouch setup eks --all --all-profiles --regions all`\n",
      ),
      stderr,
    );
    assert.equal(
      desk.read(".aws/config"),
      [SESSION, profile("Lab-Dev", LAB, "Dev"), profile("Prod-Dev", PROD, "Dev")].join("\n"),
    );
  });

  it("needs no second login: not to run again, not for login, not for kubectl's contexts", async () => {
    await setup(["--region", LAB_REGION]);
    const noBrowser = { openBrowser: () => assert.fail("a browser was opened") };
    desk.lab.aws.clearCalls();
    const again = await setup([], noBrowser);
    assert.match(
      again.stderr,
      /^Already logged in to IAM Identity Center \(sso-session lab\) until .*\nProfiles already up to date: 2\nNo changes were needed\.\nNext, set up kubectl: `kubectl vouch setup eks --all --all-profiles`\n$/,
    );
    assert.deepEqual(operations(), ["ListAccounts", "ListAccountRoles", "ListAccountRoles"]);
    assert.match((await run(["login", "--profile", "Prod-Dev"], noBrowser)).stderr, /^Already logged in /);
    const eks = await run(["setup", "eks", "--all", "--all-profiles"], noBrowser);
    assert.equal(eks.status, 0, eks.stderr);
    assert.match(eks.stderr, /^Context lab-Lab-Dev added: /m);
  });

  it("logs in where AWS has ended the session, where it is another place's, and with --force", async () => {
    await setup();
    center().sessions.length = 0;
    assert.match((await setup()).stderr, /^Logging in to .*\n(?:.*\n)*Logged in to .* as ada /);
    const file = path.join(desk.home, ".aws", "sso", "cache", ssoTokenFile("lab"));
    const token = JSON.parse(fs.readFileSync(file, "utf8"));
    fs.writeFileSync(file, JSON.stringify({ ...token, startUrl: "https://other.awsapps.com/start" }));
    assert.match((await setup()).stderr, /^Logging in to /);
    assert.match((await setup(["--force"])).stderr, /^Logging in to /);
    assert.match((await setup()).stderr, /^Already logged in to /);
  });

  it("logs in by a code where that is asked for, and says how where there is no browser", async () => {
    const onErr = (text: string) => {
      const [, code] = /approve the code ([A-Z-]{9})\./.exec(text) ?? [];
      if (code !== undefined) answerDevice(center(), code, ADA);
    };
    const { status, stderr } = await setup(["--device-code"], { onErr });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^Profiles added: 2 /m);
    const shown = await setup(["--force", "--match", "P*"], {
      openBrowser: async () => false,
      onErr: (text) => {
        const [address] = /^https:\S+$/m.exec(text) ?? [];
        if (address !== undefined) void browser(ADA)(address);
      },
    });
    assert.match(
      shown.stderr,
      /^No browser here\? `kubectl vouch setup aws --sso-start-url https:\/\/lab\.awsapps\.com\/start --sso-region us-east-1 --match 'P\*' --device-code --force`$/m,
    );
  });

  it("refreshes: adds, removes, and leaves what others wrote", async () => {
    const mine = `[profile mine]\nsso_session = lab\nsso_account_id = ${LAB}\nsso_role_name = Ops\n`;
    await setup();
    fs.appendFileSync(config(), `\n# mine\n${mine}`);
    for (const role of ["Ops", "Audit"]) assign(role);
    center().assignments = center().assignments.filter(({ accountId }) => accountId === LAB);
    const { status, stderr } = await setup(["--region", LAB_REGION]);
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /\nProfiles added: 1 \(Lab-Audit\)\nProfiles updated: 1 \(Lab-Dev\)\nProfiles removed, because their role is no longer assigned: 1 \(Prod-Dev\)\nOther profiles with the same role, which stay as they are: 1 \(mine\)\n/,
    );
    const region = `region = ${LAB_REGION}\n`;
    assert.equal(
      desk.read(".aws/config"),
      [
        SESSION,
        `${profile("Lab-Dev", LAB, "Dev")}${region}`,
        `# mine\n${mine}`,
        profile("Lab-Audit", LAB, "Audit", region),
      ].join("\n"),
    );
  });

  it("reads every page", async () => {
    center().pageSize = 2;
    for (let index = 1; index <= 5; index += 1) assign("Dev", `00000000000${index}`, `A${index}`);
    for (const role of ["X", "Y", "Z"]) assign(role);
    const { status, stderr } = await setup();
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /^Profiles added: 10 \(A1-Dev, A2-Dev, A3-Dev, A4-Dev, A5-Dev, Lab-Dev, Lab-X, Lab-Y, Lab-Z, Prod-Dev\)$/m,
    );
    assert.equal(operations().filter((operation) => operation === "ListAccounts").length, 4);
  });

  it("asks for ten accounts at a time, so that twenty take no longer than three calls", async () => {
    await setup();
    for (let index = 10; index < 28; index += 1) assign("Dev", `0000000000${index}`, `A${index}`);
    const waiting: ServerResponse[] = [];
    let left = 20;
    let rounds = 0;
    // Nothing is answered before ten wait.
    desk.lab.aws.faults.takeover = ({ url = "" }, response) => {
      if (!url.startsWith("/assignment/roles")) return false;
      waiting.push(response);
      if (waiting.length < Math.min(10, left)) return true;
      left -= waiting.length;
      rounds += 1;
      for (const one of waiting.splice(0)) one.end(JSON.stringify({ roleList: [{ roleName: "Dev" }] }));
      return true;
    };
    const { status, stderr } = await setup();
    assert.equal(status, 0, stderr);
    assert.deepEqual([left, rounds], [0, 2]);
    assert.match(stderr, /^Profiles added: 18 \(.+ and 6 more\)$/m);
  });

  it("tells programs what there is", async () => {
    assign("Admin", PROD);
    await setup(["--match", "Prod-*", "--region", LAB_REGION]);
    assign("Ops");
    center().assignments = center().assignments.filter(({ permissionSet }) => permissionSet !== "Admin");
    const { status, stdout, stderr } = await setup(["-o", "json", "--profile", "{role}.{account_name}"]);
    assert.deepEqual([status, stderr], [0, ""]);
    const { changes, ...rest } = JSON.parse(stdout);
    const place = { accountId: LAB, accountName: "Lab" };
    assert.deepEqual(rest, {
      ...{ apiVersion: "vouch.kubectl/v1", kind: "IdentityCenterSetup", dryRun: false },
      ...{ session: "lab", startUrl: URL, region: "us-east-1" },
      profiles: [
        { name: "Dev.Lab", status: "added", ...place, role: "Dev" },
        { name: "Ops.Lab", status: "added", ...place, role: "Ops" },
        {
          ...{ name: "Dev.Prod", status: "renamed", renamedFrom: "Prod-Dev", region: LAB_REGION },
          ...{ accountId: PROD, accountName: "Prod", role: "Dev" },
        },
        { name: "Prod-Admin", status: "removed", accountId: PROD, role: "Admin" },
      ],
      files: [config()],
      ...{ failures: [], warnings: [], undo: ["kubectl", "vouch", "setup", "aws", "--undo"] },
    });
    assert.deepEqual(
      changes.map(({ name, did }: Record<string, string>) => `${name} ${did}`),
      ["Prod-Admin removed", "Prod-Dev removed", "Dev.Lab added", "Ops.Lab added", "Dev.Prod added"],
    );
    const first = JSON.parse((await setup(["-o", "json", "--force", "--dry-run"])).stdout);
    assert.deepEqual([first.person, first.dryRun, first.undo], ["ada", true, undefined]);
  });

  it("writes nothing with --dry-run but the session, and shows the diff", async () => {
    const { status, stdout, stderr } = await setup(["--dry-run"]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^\+\[sso-session lab\]$/m);
    assert.match(stderr, /^Profiles that would be added: 2 \(Lab-Dev, Prod-Dev\)\nNothing was written\.\n$/m);
    assert.equal(fs.existsSync(config()), false);
    assert.match((await setup(["--diff"])).stdout, /^\+\[profile Prod-Dev\]$/m);
    assert.equal(fs.existsSync(config()), true);
  });

  describe("what AWS and the files contain", () => {
    it("never reaches the terminal or the file as it is", async () => {
      assign("Dev", "000000000001", "\u001b]0;x\u0007\u202e Evil\r\n[default]\u009b");
      const { status, stdout, stderr } = await setup(["--diff"]);
      assert.equal(status, 0, stderr);
      const shown = `${stdout}${stderr}${desk.read(".aws/config")}`;
      assert.doesNotMatch(shown.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
      assert.match(desk.read(".aws/config"), /^\[profile 0-x-Evil-default-Dev\]$/m);
    });

    it("leads to the session that is there for the start URL, with its region", async () => {
      const theirs = `[sso-session corp]\nsso_start_url = ${URL}/#/\nsso_region = us-east-1\n`;
      desk.write(".aws/config", theirs);
      const { status, stderr } = await run(["setup", "aws", "--sso-start-url", `${URL}/#/?tab=accounts`]);
      assert.equal(status, 0, stderr);
      const text = desk.read(".aws/config");
      assert.ok(text.startsWith(theirs) && !text.includes("[sso-session lab]"), text);
      assert.match(text, /^\[profile Lab-Dev\]\nsso_session = corp\n/m);
      assert.match((await setup()).stderr, /^Profiles already up to date: 2$/m);
    });

    it("leads to a new session where the name is in use, or the scopes do not suffice", async () => {
      const theirs = [
        "[sso-session lab]\nsso_start_url = https://other.awsapps.com/start\nsso_region = us-east-1\n",
        `[sso-session q]\nsso_start_url = ${URL}\nsso_region = us-east-1\nsso_registration_scopes = codewhisperer:completions\n`,
      ].join("\n");
      desk.write(".aws/config", theirs);
      const token = JSON.stringify({
        startUrl: "https://x.awsapps.com/start",
        accessToken: "x",
        expiresAt: "2100-01-01T00:00:00Z",
      });
      desk.write(`.aws/sso/cache/${ssoTokenFile("lab-2")}`, token);
      const { status, stderr } = await setup();
      assert.equal(status, 0, stderr);
      assert.ok(desk.read(".aws/config").startsWith(`${theirs}\n${SESSION.replace("lab]", "lab-3]")}`));
      assert.equal(desk.read(`.aws/sso/cache/${ssoTokenFile("lab-2")}`), token);
    });

    it("is told where a different profile has the name", async () => {
      desk.write(".aws/config", "[profile Lab-Dev]\nregion = x\n");
      const { status, stderr } = await setup();
      assert.equal(status, 0, stderr);
      assert.match(
        stderr,
        /^ {2}\(Lab-Dev-111122223333: Lab-Dev is already the name of a different profile\)$/m,
      );
      assert.match((await setup()).stderr, /^Profiles already up to date: 2$/m);
    });
  });

  describe("--undo", () => {
    const undo = (...flags: readonly string[]) => run(["setup", "aws", "--undo", ...flags]);

    it("restores the bytes, step by step", async () => {
      desk.write(".aws/config", "# mine\r\n[default]\r\nregion = x");
      await setup();
      const first = desk.read(".aws/config");
      center().assignments = center().assignments.filter(({ accountId }) => accountId === LAB);
      assign("Ops");
      await setup(["--region", LAB_REGION]);
      const { status, stderr } = await undo();
      assert.equal(status, 0, stderr);
      assert.match(
        stderr,
        /:\n {2}profile Prod-Dev was added back\n {2}profile Lab-Dev was restored\n {2}profile Lab-Ops was removed\nRestored /,
      );
      assert.equal(desk.read(".aws/config"), first);
      await undo();
      assert.equal(desk.read(".aws/config"), "# mine\r\n[default]\r\nregion = x");
    });

    it("keeps what others changed since, and removes the session with the last profile that uses it", async () => {
      await setup();
      const mine = "\n# mine\n[profile mine]\nsso_session = lab\nsso_account_id = 1\nsso_role_name = x\n";
      fs.appendFileSync(config(), mine);
      const { stderr } = await undo();
      assert.match(
        stderr,
        /:\n {2}profile Lab-Dev was removed\n {2}profile Prod-Dev was removed\nA different program /,
      );
      assert.match(stderr, /^ {2}sso-session lab stays: a different profile uses it$/m);
      assert.equal(desk.read(".aws/config"), `${SESSION}${mine}`);
      fs.rmSync(config());

      await setup();
      fs.appendFileSync(config(), "\n# mine\n");
      assert.doesNotMatch((await undo()).stderr, /sso-session/);
      assert.equal(desk.read(".aws/config").trim(), "# mine");
    });

    it("adds removed profiles back as they were, with comments and all", async () => {
      await setup();
      fs.writeFileSync(
        config(),
        desk.read(".aws/config").replace("[profile Prod-Dev]", "[profile Prod-Dev]\n# note\ns3 =\n  a = b"),
      );
      const before = desk.read(".aws/config");
      center().assignments = center().assignments.filter(({ accountId }) => accountId === LAB);
      await setup();
      fs.writeFileSync(config(), `# later\n${desk.read(".aws/config")}`);
      await undo();
      assert.equal(desk.read(".aws/config"), `# later\n${before}`);
    });

    it("of one profile leaves the others, and the session until the last", async () => {
      await setup();
      await undo("--profile", "Lab-Dev");
      assert.equal(desk.read(".aws/config"), [SESSION, profile("Prod-Dev", PROD, "Dev")].join("\n"));
      const { stderr } = await undo("--profile", "Prod-Dev");
      assert.match(stderr, /^Removed .+, which setup had created\.$/m);
      assert.equal(fs.existsSync(config()), false);
      assert.equal((await undo()).status, 6);
    });
  });

  describe("an account that AWS does not answer for", () => {
    const deny = (accountId: string) => {
      desk.lab.aws.faults.takeover = ({ url = "" }, response) => {
        if (!url.startsWith(`/assignment/roles?account_id=${accountId}`)) return false;
        response.writeHead(403, { "x-amzn-errortype": "ForbiddenException" });
        response.end(JSON.stringify({ message: "\u001b[31mNo access" }));
        return true;
      };
    };

    it("keeps its profiles, and is told, also by the exit status", async () => {
      await setup();
      center().assignments = center().assignments.filter(({ accountId }) => accountId === PROD);
      assign("Ops");
      deny(PROD);
      const { status, stderr } = await setup();
      assert.equal(status, 5, stderr);
      assert.match(
        stderr,
        /\nProfiles added: 1 \(Lab-Ops\)\nProfiles removed, because their role is no longer assigned: 1 \(Lab-Dev\)\nProfiles already up to date: 1\n/,
      );
      assert.ok(
        stderr.endsWith(
          "error: Account Prod (444455556666), whose profiles stay as they are: AWS rejected sso:ListAccountRoles: ForbiddenException: [31mNo access.\n  Ask an IAM Identity Center admin whether this account is still assigned to you.\n",
        ),
        stderr,
      );
      assert.match(desk.read(".aws/config"), /\[profile Prod-Dev\]/);
      const { failures } = JSON.parse((await setup(["-o", "json"])).stdout);
      assert.deepEqual(
        failures.map(({ accountId, accountName, code }: Record<string, string>) => [
          accountId,
          accountName,
          code,
        ]),
        [[PROD, "Prod", "aws-denied"]],
      );
    });

    it("is the whole failure where no other answers", async () => {
      center().assignments = center().assignments.filter(({ accountId }) => accountId === PROD);
      deny(PROD);
      const { status, stderr } = await setup();
      assert.equal(status, 5);
      assert.match(stderr, /^error: AWS rejected sso:ListAccountRoles: .* \[aws-denied\]$/m);
      assert.equal(fs.existsSync(config()), false);
    });
  });

  it("asks at a terminal for the region of Identity Center, once", async () => {
    const answer = async (keys: readonly string[]) => {
      const terminal = scriptedTerminal([keys]);
      const options = { terminal, terminals: ["stdin", "stderr"], env: { LANG: "C.UTF-8" } } as const;
      const result = await run(["setup", "aws", "--sso-start-url", URL], options);
      terminal.verify();
      return result;
    };
    const left = await answer(["\u0003"]);
    assert.equal(left.status, 130, left.stderr);
    assert.equal(fs.existsSync(config()), false);
    const { status, stderr } = await answer([..."us-east-1", "\r"]);
    assert.equal(status, 0, stderr);
    assert.match(desk.read(".aws/config"), /^sso_region = us-east-1$/m);
    assert.match(
      stderr,
      /^Next, pick a cluster: `kubectl vouch setup eks`, or set up every cluster: `kubectl vouch setup eks --all --all-profiles --regions all`$/m,
    );
    assert.equal((await run(["setup", "aws", "--sso-start-url", URL])).status, 0);
  });
});
