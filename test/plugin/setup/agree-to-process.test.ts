import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { contextPlan } from "../../../plugin/aws/context-plan.ts";
import { agreeToProcess } from "../../../plugin/setup/agree-to-process.ts";
import type { ApprovedProcess } from "../../../token/aws/sources/process-approval.ts";
import { ours } from "../../../token/command/command.ts";
import { awsMachine } from "../../support/aws-machine.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { onPosix } from "../../support/platform.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const LINE = `helper credential-process --profile dev "a  b" ${"x".repeat(300)}`;
const CONFIG = `[profile dev]
credential_process = ${LINE}
[profile role]
role_arn = arn:aws:iam::111122223333:role/Admin
source_profile = dev
[profile vouch]
credential_process = kubectl-vouch credential aws --role arn:aws:iam::111122223333:role/Dev
[profile keys]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = x
`;

describe("a credential_process at setup", () => {
  const home = tempFolder();
  const file = () => path.join(home(), ".aws", "config");
  const approve = async (
    profile: string,
    {
      answers,
      isAgreed = false,
      before,
    }: {
      readonly answers?: readonly string[];
      readonly isAgreed?: boolean;
      readonly before?: ApprovedProcess;
    } = {},
  ) => {
    fs.mkdirSync(path.dirname(file()), { recursive: true });
    fs.writeFileSync(file(), CONFIG);
    fs.writeFileSync(program(), "#!/bin/sh\n", { mode: 0o755 });
    const terminal = scriptedTerminal(answers);
    const env = { PATH: home() };
    const app = fakeApp({ home: home(), env, terminal: answers === undefined ? "none" : terminal });
    const source = { kind: "aws", profile, role: undefined, via: [], env: {} } as const;
    const plan = contextPlan(source, "us-east-1", awsMachine(home(), env));
    const again = ours("setup eks", { cluster: "lab", profile, "approve-process": true });
    try {
      return { process: await agreeToProcess(app, plan, { before, isAgreed, again }), app, terminal };
    } finally {
      terminal.verify();
    }
  };
  const program = () => path.join(home(), "helper");
  const agreed = () => ({ line: LINE, configFile: file(), program: program(), env: { PATH: home() } });

  onPosix("programs", "is shown whole and asked about", async () => {
    const { process, terminal } = await approve("dev", { answers: ["y"] });
    assert.deepEqual(process, agreed());
    assert.ok(terminal.shown().includes(`\n  ${LINE}\n`));
    assert.ok(terminal.shown().includes(`AWS profile dev (${file()}, line 2)`));
    assert.ok(
      terminal
        .shown()
        .includes(
          `Its files and folders are: ${program()}, /bin/sh. The program is not run if others can replace`,
        ),
    );
  });

  onPosix("programs", "is found behind the roles of other profiles", async () => {
    assert.deepEqual((await approve("role", { answers: ["yes"] })).process, agreed());
  });

  onPosix("programs", "is asked about once", async () => {
    assert.deepEqual((await approve("dev", { answers: [], before: agreed() })).process, agreed());
  });

  onPosix(
    "programs",
    "is asked about again when it is another, of another file, or another program",
    async () => {
      for (const before of [
        { ...agreed(), line: `${LINE} --more` },
        { ...agreed(), configFile: "/etc/aws/config" },
        { ...agreed(), program: "/usr/bin/helper" },
      ])
        assert.deepEqual((await approve("dev", { answers: ["y"], before })).process, agreed());
    },
  );

  onPosix("programs", "is shown, and not asked about, with --approve-process", async () => {
    const { process, app } = await approve("dev", { isAgreed: true });
    assert.deepEqual(process, agreed());
    assert.ok(app.written.stderr.includes(`\n  ${LINE}\n`));
  });

  onPosix(
    "programs",
    "is shown and recorded anew with --approve-process where it was agreed to in another environment",
    async () => {
      const before = { ...agreed(), env: { PATH: "/old" } };
      const { process, app } = await approve("dev", { isAgreed: true, before });
      assert.deepEqual(process, agreed());
      assert.ok(app.written.stderr.includes(`\n  ${LINE}\n`));
      assert.deepEqual((await approve("dev", { answers: [], before })).process, before);
    },
  );

  onPosix("programs", "is not shown with --approve-process where nothing is new", async () => {
    const { process, app } = await approve("dev", { isAgreed: true, before: agreed() });
    assert.deepEqual(process, agreed());
    assert.equal(app.written.stderr, "");
  });

  it("is none for profiles without one, and for Vouch's, which is ours", async () => {
    for (const profile of ["keys", "vouch"])
      assert.equal((await approve(profile, { answers: [] })).process, undefined);
  });

  onPosix("programs", "is not run without a yes", async () => {
    for (const answer of ["", "n", "maybe", "yess"])
      await assert.rejects(approve("dev", { answers: [answer] }), {
        code: "credential-process-unapproved",
        message: "The credential_process of AWS profile dev was not approved; nothing was written.",
      });
  });

  onPosix(
    "programs",
    "is not run where nobody can be asked: the error has it whole, and the command that agrees",
    async () => {
      await assert.rejects(approve("dev"), (error: { code: string; message: string; hint: string }) => {
        assert.equal(error.code, "credential-process-unapproved");
        assert.ok(error.message.endsWith(LINE));
        assert.equal(
          error.hint,
          "To allow it: `kubectl vouch setup eks --cluster lab --profile dev --approve-process`",
        );
        return true;
      });
    },
  );
});
