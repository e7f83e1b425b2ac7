import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { credentialProcessRunner } from "../../../../plugin/programs/program-runner.ts";
import { processEnvironment } from "../../../../token/aws/sources/open/open-process.ts";
import { openPlan } from "../../../../token/aws/sources/open-source.ts";
import type { PlanAccess } from "../../../../token/aws/sources/opened-source.ts";
import type { ProcessPlan } from "../../../../token/aws/sources/plan-kinds.ts";
import { approveProcess, readApprovedProcess } from "../../../../token/aws/sources/process-approval.ts";
import type { Env } from "../../../../token/env.ts";
import { onPosix } from "../../../support/platform.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { FOLDERS, WAYS } from "./lines-with-files.ts";
import { assertRefused } from "./refusal.ts";
import { planAccess, WISH } from "./source-access.ts";

const GOOD = { Version: 1, AccessKeyId: "AKIAPROCESS000000001", SecretAccessKey: "canary-secret" };

describe("a credential_process as a source", () => {
  const folder = tempFolder();
  let config: string;
  let program: string;
  beforeEach(() => {
    config = path.join(folder(), "config");
    fs.writeFileSync(config, "[profile p]\n", { mode: 0o600 });
    program = path.join(folder(), "helper");
    script(`printf '%s' '${JSON.stringify(GOOD)}'`);
  });

  function script(body: string): void {
    fs.writeFileSync(program, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
  const plan = (line = program): ProcessPlan => ({
    kind: "process",
    line,
    vouch: undefined,
    region: "eu-west-1",
    origin: { profile: "p", file: config, line: 2 },
  });
  const machine = (env = {}) => ({ env, isWindows: false, lookPath: () => program });
  const approved = (line = program) => approveProcess(plan(line), machine({ PATH: "/usr/bin:/bin" }));
  const access = (more: Partial<PlanAccess> = {}): PlanAccess =>
    planAccess({
      runProcess: credentialProcessRunner(new AbortController().signal),
      ...more,
    });
  const open = (line = program, more: Partial<PlanAccess> = {}) =>
    openPlan(
      { plan: plan(line), witnesses: [] },
      access("approvedProcess" in more ? more : { ...more, approvedProcess: approved(line) }),
    );
  const credentials = async (...given: Parameters<typeof open>) => (await open(...given)).credentials(WISH);

  onPosix("programs", "gives the keys that it prints, anew for each process of ours", async () => {
    script(`echo x >> '${folder()}/runs'; printf '%s' '${JSON.stringify(GOOD)}'`);
    assert.deepEqual(await credentials(), {
      accessKeyId: GOOD.AccessKeyId,
      secretAccessKey: "canary-secret",
      sessionToken: undefined,
      expires: undefined,
    });
    await credentials();
    assert.equal(fs.readFileSync(path.join(folder(), "runs"), "utf8"), "x\nx\n");
  });

  onPosix("programs", "has no shell, no standard input and no terminal", async () => {
    script(`cat > '${folder()}/stdin'; printf '%s\\n' "$@" > '${folder()}/words'
(: < /dev/tty) 2> /dev/null && echo tty > '${folder()}/tty'
printf '%s' '${JSON.stringify(GOOD)}'`);
    const line = `${program} "two words" $HOME '' ; touch ${folder()}/shell`;
    await credentials(line);
    const read = (name: string) => fs.readFileSync(path.join(folder(), name), "utf8");
    assert.equal(read("words"), `two words\n$HOME\n\n;\ntouch\n${folder()}/shell\n`);
    assert.equal(read("stdin"), "");
    assert.deepEqual(
      [fs.existsSync(path.join(folder(), "shell")), fs.existsSync(path.join(folder(), "tty"))],
      [false, false],
    );
  });

  /** The environment of the program, that was approved with one and is called with another. */
  const environment = (atApproval: Env, now: Env, { asked = plan(), isWindows = false } = {}) =>
    processEnvironment(now, asked, { approved: approveProcess(plan(), machine(atApproval)), isWindows });
  const ASKED = { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-1" };

  it("sees the environment as it was approved, whatever a kubeconfig sets", () => {
    const then = { PATH: "/usr/bin:/bin", HOME: "/home/ada" };
    const hostile = {
      ...{
        PATH: "/evil",
        HOME: "/evil",
        LD_PRELOAD: "/evil.so",
        PYTHONPATH: "/evil",
        BASH_ENV: "/evil",
        BROWSER: "/evil",
      },
      ...{ AWS_CONFIG_FILE: "/evil", AWS_SHARED_CREDENTIALS_FILE: "/evil", AWS_VAULT_PASS_CMD: "/evil" },
      ...{ LANG: "C", LC_ALL: "" },
    };
    assert.deepEqual(environment({ ...then, SECRET: "canary" }, hostile), {
      LANG: "C",
      ...then,
      ...ASKED,
    });
  });

  it("has a bus, a shell and folders of programs as they were approved, or none", () => {
    const hostile = {
      ...{ DBUS_SESSION_BUS_ADDRESS: "unixexec:path=/evil", XDG_RUNTIME_DIR: "/evil", TMPDIR: "/evil" },
      ...{ USER: "evil", LOGNAME: "evil", USERPROFILE: "/evil", APPDATA: "/evil", LOCALAPPDATA: "/evil" },
      ...{ ProgramData: "/evil", TEMP: "/evil", TMP: "/evil", COMSPEC: "/evil", SystemRoot: "/evil" },
      ...{
        windir: "/evil",
        SSH_AUTH_SOCK: "/evil",
        DISPLAY: ":66",
        XAUTHORITY: "/evil",
        AWS_PROFILE: "evil",
        AWS_DEFAULT_PROFILE: "evil",
      },
    };
    assert.deepEqual(environment({}, hostile), ASKED);
    const then = Object.fromEntries(Object.keys(hostile).map((name) => [name, `/then/${name}`]));
    for (const now of [hostile, {}]) assert.deepEqual(environment(then, now), { ...then, ...ASKED });
  });

  it("leaves nothing for Node to add on Windows", () => {
    // libuv/libuv, src/win/process.c, `required_vars`: compared without case.
    const added =
      "HOMEDRIVE HOMEPATH LOGONSERVER PATH SYSTEMDRIVE SYSTEMROOT TEMP USERDOMAIN USERNAME USERPROFILE WINDIR";
    const then = { HOMEDRIVE: "C:", SystemRoot: "C:\\WINDOWS" };
    const now = { HOMEDRIVE: "E:", HOMEPATH: "\\evil", USERNAME: "evil", SystemDrive: "E:" };
    const given = environment(then, now, { isWindows: true });
    const names = Object.keys(given).map((name) => name.toUpperCase());
    assert.equal(new Set([...names, ...added.split(" ")]).size, names.length);
    const set = Object.entries(given).filter(([, value]) => value !== "");
    assert.deepEqual(Object.fromEntries(set), { ...then, ...ASKED });
  });

  it("asks through the proxies that were approved, or none", () => {
    const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"];
    const all = [...names, ...names.map((name) => name.toLowerCase())];
    const hostile = Object.fromEntries(all.map((name) => [name, "http://evil.example:3128"]));
    assert.deepEqual(environment({}, hostile), ASKED);
    const then = Object.fromEntries(all.map((name) => [name, `http://${name}.example:3128`]));
    for (const now of [hostile, {}]) assert.deepEqual(environment(then, now), { ...then, ...ASKED });
  });

  for (const [name, usual, hostile] of [
    ["LANG", "de_DE.UTF-8", "../../tmp/evil"],
    ["LANGUAGE", "de:en", "../../tmp/evil"],
    ["LC_MESSAGES", "C", "/tmp/evil"],
    ["TERM", "xterm-256color", "../evil"],
    ["XDG_CURRENT_DESKTOP", "ubuntu:GNOME", "../../tmp/evil"],
    ["XDG_SESSION_TYPE", "wayland", "..\\evil"],
    ["WAYLAND_DISPLAY", "wayland-0", "/tmp/evil"],
    ["TZ", "Europe/Berlin", ":/tmp/evil"],
    ["TZ", "UTC", "../../tmp/evil"],
    ["GPG_TTY", "/dev/pts/7", "/tmp/evil"],
  ] as const)
    it(`hears of the caller's ${name} ${usual}, and not ${hostile}`, () => {
      assert.deepEqual(environment({}, { [name]: usual }), { [name]: usual, ...ASKED });
      assert.deepEqual(environment({}, { [name]: hostile }), ASKED);
    });

  it("hears of the cluster's region, which makes it another source", async () => {
    const caller = { AWS_REGION: "x", AWS_DEFAULT_REGION: "x" };
    assert.deepEqual(environment(caller, caller), ASKED);
    const digests = await Promise.all([digest(plan()), digest({ ...plan(), region: "us-east-1" })]);
    assert.equal(new Set(digests).size, 2);
  });

  it("does not hear which profile names it: a helper that asks aws for the default profile would call itself", async () => {
    const { origin } = plan();
    const other = { ...plan(), origin: { ...origin, profile: "q", line: 7 } };
    assert.equal(environment({}, {}, { asked: other })["AWS_PROFILE"], undefined);
    assert.equal(await digest(other), await digest(plan()));
  });

  /** Of a source that was approved as it is now. */
  const digest = async (asked: ProcessPlan, now: Partial<Parameters<typeof approveProcess>[1]> = {}) => {
    const approvedProcess = approveProcess(asked, { ...machine(), ...now });
    return (await openPlan({ plan: asked, witnesses: [] }, access({ approvedProcess }))).digest;
  };

  it("is another source with another line, program or file, or approved in another environment", async () => {
    const found = path.join(folder(), "found");
    fs.writeFileSync(found, "#!/bin/sh\n", { mode: 0o755 });
    const other = path.join(folder(), "other");
    fs.writeFileSync(other, "", { mode: 0o600 });
    const { origin } = plan();
    const digests = await Promise.all([
      digest(plan("helper --role a")),
      digest(plan("helper --role b")),
      digest(plan("helper --role a"), { lookPath: () => found }),
      digest({ ...plan("helper --role a"), origin: { ...origin, file: other } }),
      digest(plan("helper --role a"), { env: { AWS_PROFILE: "ops" } }),
    ]);
    assert.equal(new Set(digests).size, 5);
  });

  const unapproved = (says: RegExp) => ({ code: "credential-process-unapproved", exit: 6, says }) as const;
  const refused = (says: RegExp) => ({ code: "credential-process-refused", exit: 6, says }) as const;

  it("is run only as it was approved: this line in this file", async () => {
    const says =
      /^AWS profile p \(.*, line 2\): credential_process would run .*helper, but it has not been approved\.$/;
    await assertRefused(() => open(program, { approvedProcess: undefined }), unapproved(says));
    const other =
      /would run .+helper, but it is not the command that was approved\. The line is now: .+helper; when approved, it was \(in .+config\): .+helper.*\.$/;
    await assertRefused(
      () => open(program, { approvedProcess: approved(`${program} -x`) }),
      unapproved(other),
    );
    const elsewhere = { ...approved(), configFile: "/other/config" };
    await assertRefused(() => open(program, { approvedProcess: elsewhere }), unapproved(other));
    const secret = approved(`${program} --password hunter2hunter2`);
    await assert.rejects(
      () => open(program, { approvedProcess: secret }),
      (error) => error instanceof Error && !error.message.includes("hunter2"),
    );
  });

  for (const [profile, options] of [
    ["role", "--profile role"],
    [undefined, "--ambient"],
  ] as const)
    it(`says how to approve it for who was asked for, whoever builds on it: ${options}`, async () => {
      const by = { externalId: undefined, durationSeconds: undefined, mfaSerial: undefined };
      const role = {
        roleArn: "arn:aws:iam::111122223333:role/a",
        sessionName: "s",
        usualName: "u",
        region: "eu-west-1",
      };
      const chain = { kind: "assume-role", source: plan(), ...by, ...role, origin: plan().origin } as const;
      const opening = openPlan({ plan: chain, witnesses: [] }, access({ profile }));
      await assert.rejects(opening, {
        code: "credential-process-unapproved",
        hint: `Check it, then approve it: \`kubectl vouch setup eks --cluster NAME ${options}\``,
      });
    });

  for (const [what, spoil, says] of [
    ["others may write its program", () => fs.chmodSync(program, 0o757), /helper is writable by others/],
    ["a group may write its program", () => fs.chmodSync(program, 0o775), /helper is writable by others/],
    [
      "others may write the file that names it",
      () => fs.chmodSync(config, 0o622),
      /config is writable by others/,
    ],
    ["anybody may replace its program", () => fs.chmodSync(folder(), 0o777), /others can replace files in/],
    ["its program is gone", () => fs.rmSync(program), /helper does not exist/],
  ] as const)
    onPosix("programs", `is not run where ${what}, neither at approval nor later`, async () => {
      const approvedProcess = approved();
      spoil();
      await assertRefused(() => open(program, { approvedProcess }), refused(says));
      await assertRefused(async () => approved(), refused(says));
      fs.chmodSync(folder(), 0o700);
    });

  describe("and names other files", () => {
    let second: string;
    beforeEach(() => {
      second = path.join(folder(), "second");
      fs.writeFileSync(second, `#!/bin/sh\nprintf '%s' '${JSON.stringify(GOOD)}'\n`, { mode: 0o755 });
      fs.writeFileSync(path.join(folder(), "script"), `#!/usr/bin/env ${second}\n`, { mode: 0o755 });
      fs.mkdirSync(path.join(folder(), "my tools"));
      fs.mkdirSync(path.join(folder(), "bin"));
      fs.linkSync(second, path.join(folder(), "bin", "fourth"));
      fs.symlinkSync(second, path.join(folder(), "my tools", "third"));
    });
    const there = () => machine({ PATH: `/usr/bin:/bin:${folder()}`, HOME: folder() });
    const run = async (line: string) => {
      const approvedProcess = approveProcess(plan(line), there());
      return { approvedProcess, open: () => open(line, { approvedProcess }) };
    };

    for (const [way, template] of Object.entries(WAYS))
      onPosix("programs", `is not run where others may write one ${way}`, async () => {
        const line = template.replaceAll("SECOND", second).replaceAll("FOLDER", folder());
        const { approvedProcess, open: opening } = await run(line);
        assert.ok((await (await opening()).credentials(WISH)).accessKeyId);
        fs.chmodSync(second, 0o757);
        await assertRefused(opening, refused(/(?:second|fourth) is writable by others/));
        await assertRefused(
          async () => approveProcess(plan(line), there()),
          refused(/(?:second|fourth) is writable by others/),
        );
        assert.ok(approvedProcess.program !== second);
      });

    for (const [way, template] of Object.entries(FOLDERS))
      onPosix("programs", `is not approved where others may write a folder ${way}`, async () => {
        const line = template
          .replaceAll("SHARED", path.join(folder(), "shared"))
          .replaceAll("FOLDER", folder());
        fs.mkdirSync(path.join(folder(), "shared", "my tools"), { recursive: true });
        for (const name of ["second", "my tools/third"])
          fs.copyFileSync(second, path.join(folder(), "shared", name));
        assert.ok(approveProcess(plan(line), there()));
        fs.chmodSync(path.join(folder(), "shared"), 0o777);
        await assertRefused(
          async () => approveProcess(plan(line), there()),
          refused(/others can replace files in \S+shared/),
        );
      });

    onPosix(
      "programs",
      "is not kept from a word that is called like a folder, to which the line does not lead",
      async () => {
        fs.mkdirSync(path.join(folder(), "dev"));
        fs.chmodSync(path.join(folder(), "dev"), 0o775);
        fs.writeFileSync(path.join(folder(), ".bashrc"), "");
        fs.chmodSync(path.join(folder(), ".bashrc"), 0o664);
        for (const line of [
          `/usr/bin/env PATH=/usr/bin:/bin /bin/sh ${second} dev`,
          `/bin/sh -c 'cd ${folder()}/bin && ./fourth dev'`,
          `/bin/sh ${second} --profile dev work/dev`,
          `/bin/sh ${second} --query 'Credentials.{Id:AccessKeyId,Secret:SecretAccessKey}' x=*`,
          `/usr/bin/env PATH=/usr/bin:/bin /bin/sh ${second} --query 'x.{Id:AccessKeyId,Secret:SecretAccessKey}'`,
          `/bin/sh -c 'case $1 in *) ${second};; esac'`,
        ]) {
          const { open: opening } = await run(line);
          assert.ok((await (await opening()).credentials(WISH)).accessKeyId);
        }
      },
    );

    onPosix(
      "programs",
      "is not kept from what is no regular file, and from words that name nothing",
      async () => {
        const line = `/bin/sh ${second} /dev/null /tmp dev --profile=x https://example.com/a ''`;
        const { open: opening } = await run(line);
        assert.ok((await (await opening()).credentials(WISH)).accessKeyId);
      },
    );
  });

  onPosix("programs", "runs in the home folder that it had at approval, not in its caller's", async () => {
    script(`pwd > '${folder()}/pwd'; printf '%s' '${JSON.stringify(GOOD)}'`);
    for (const [HOME, where] of [
      [folder(), folder()],
      ["/not/there", "/"],
      [undefined, "/"],
    ] as const) {
      const approvedProcess = approveProcess(plan(), machine({ PATH: "/usr/bin:/bin", HOME }));
      await credentials(program, { approvedProcess });
      assert.equal(fs.readFileSync(path.join(folder(), "pwd"), "utf8").trim(), where);
    }
  });

  it("is found once, when it is approved: later PATH has no say", () => {
    const found: string[] = [];
    const lookPath = (command: string) => {
      found.push(command);
      return program;
    };
    const { program: kept } = approveProcess(plan("helper --x"), { env: {}, isWindows: false, lookPath });
    assert.deepEqual([kept, found], [program, ["helper"]]);
  });

  it("is not approved where its program is not found, or depends on the working directory", async () => {
    const nowhere = { env: {}, isWindows: false, lookPath: () => undefined };
    await assertRefused(
      async () => approveProcess(plan("helper"), nowhere),
      refused(/helper is not on PATH/),
    );
    await assertRefused(
      async () => approveProcess(plan("./helper"), nowhere),
      refused(/depends on the current directory/),
    );
    const says = /credential_process has an unclosed quote or a backslash/;
    const invalid = { code: "profile-invalid", exit: 6, says } as const;
    await assertRefused(async () => approveProcess(plan('"helper'), nowhere), invalid);
  });

  it("is approved as it was recorded, or not at all", () => {
    const then = approved();
    assert.deepEqual(readApprovedProcess(JSON.parse(JSON.stringify(then))), then);
    assert.deepEqual(readApprovedProcess({ ...then, env: { ...then.env, LD_PRELOAD: "x" } }), then);
    for (const value of [
      undefined,
      1,
      {},
      { ...then, line: 1 },
      { ...then, program: "helper" },
      { ...then, env: 1 },
    ])
      assert.equal(readApprovedProcess(value), undefined);
  });

  const failed = (says: RegExp) => ({ code: "credential-process-failed", exit: 1, says }) as const;

  for (const [what, body, says] of [
    [
      "exits 3",
      "echo broken 1>&2; echo 'no session' 1>&2; exit 3",
      /exited with status 3; it printed: broken no session\.$/,
    ],
    ["says nothing", "exit 1", /exited with status 1; it printed: nothing\.$/],
    [
      "is killed",
      "kill -9 $$",
      /process was stopped before it finished; it printed: .*was ended by SIGKILL\.$/,
    ],
    [
      "says a secret",
      "echo 'password=canary-1 token: eyJhbGciOi.canaryxxx.yyy' 1>&2; exit 1",
      /printed: password=\*+/,
    ],
    ["says escapes", "printf '\\033]0;x\\007\\202' 1>&2; exit 1", /exited with status 1; it printed: \]0;x/],
    [
      "says much",
      "yes 'it goes on' | head -c 9000000 1>&2; echo last 1>&2; exit 1",
      /exited with status 1; it printed: /,
    ],
    ["prints no JSON", "echo hello", /did not print a JSON object/],
    ["prints a list", "echo '[1]'", /did not print a JSON object/],
    ["prints much", `printf '%70000s' ''; printf '%s' '${JSON.stringify(GOOD)}'`, /printed more than 64 KiB/],
  ] as const)
    onPosix("programs", `fails, and says why, when it ${what}`, async () => {
      script(body);
      await assertRefused(() => credentials(), failed(says));
    });

  for (const [profile, options] of [
    ["role", "--profile role"],
    [undefined, "--ambient"],
  ] as const)
    onPosix(
      "programs",
      `says when it fails whose variables it has, and how it gets today's: ${options}`,
      async () => {
        script("exit 1");
        const anew = `kubectl vouch setup eks --cluster NAME ${options} --approve-process`;
        await assert.rejects(() => credentials(program, { profile }), {
          code: "credential-process-failed",
          hint: `To see why, run its command line in a terminal; you find it with \`vi +2 ${config}\`. kubectl-vouch runs it with the variables recorded when it was approved; to record the current ones: \`${anew}\``,
        });
      },
    );

  for (const [what, printed, says] of [
    ["the Version as text", { ...GOOD, Version: "1" }, /printed Version "1", but it must be the number 1/],
    ["no Version", { ...GOOD, Version: undefined }, /printed Version none/],
    [
      "no secret",
      { ...GOOD, SecretAccessKey: undefined },
      /printed JSON that does not contain SecretAccessKey/,
    ],
    [
      "an end that is past",
      { ...GOOD, Expiration: "2026-01-01T00:00:00Z" },
      /printed credentials that expired at 20/,
    ],
    ["an end that is none", { ...GOOD, Expiration: "soon" }, /contains Expiration "soon"/],
    ["an end in seconds", { ...GOOD, Expiration: 1_900_000_000 }, /contains Expiration 1900000000/],
  ] as const)
    onPosix("programs", `fails when it prints ${what}`, async () => {
      script(`printf '%s' '${JSON.stringify(printed)}'`);
      await assertRefused(() => credentials(), failed(says));
    });

  for (const [what, printed, expires] of [
    ["none", GOOD, undefined],
    ["null", { ...GOOD, Expiration: null }, undefined],
    ["a blank and an offset", { ...GOOD, Expiration: "2100-01-01 02:00:00+02:00" }, Date.UTC(2100, 0, 1)],
  ] as const)
    onPosix("programs", `gives keys that end as it says: ${what}`, async () => {
      script(`printf '%s' '${JSON.stringify({ ...printed, SessionToken: "canary" })}'`);
      const given = await credentials();
      assert.deepEqual([given.expires, given.sessionToken], [expires, "canary"]);
    });

  it("cannot be started", async () => {
    fs.writeFileSync(program, "#!/not/there\n", { mode: 0o755 });
    await assertRefused(() => credentials(), failed(/cannot be run: spawn .*ENOENT/));
  });

  onPosix("programs", "is ended when its time is up, with what it started", async () => {
    script(`sleep 30 & sleep 30; echo x > '${folder()}/late'`);
    const runProcess = credentialProcessRunner(new AbortController().signal, 300);
    await assertRefused(
      () => credentials(program, { runProcess }),
      failed(/credential_process did not finish within 0\.3 s and was stopped\.$/),
    );
  });

  onPosix("programs", "is ended when the person has had enough", async () => {
    script("sleep 30");
    const control = new AbortController();
    const done = credentials(program, { runProcess: credentialProcessRunner(control.signal) });
    setTimeout(() => control.abort(), 100);
    await assert.rejects(done, { code: "interrupted" });
  });
});
