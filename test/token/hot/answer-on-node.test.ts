import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { answerWarm } from "../../../token/hot/answer.ts";
import { nodeHost } from "../../../token/node-host.ts";
import { bundledScript } from "../../support/bundled-script.ts";
import { HOT_CASES, NOON, NOON_TABLE, TOKEN } from "../../support/hot-cases.ts";
import { type HotCall, layOut, onDisk } from "../../support/hot-on-disk.ts";
import { type CommandResult, runCommand } from "../../support/run-command.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import type { WarmVariables } from "../../support/warm-answer.ts";

const ANSWER =
  `{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1",` +
  `"status":{"expirationTimestamp":"2026-01-15T12:10:00Z","token":"${TOKEN}"}}\n`;

const { markFile: MARK_FILE, tokenFile: TOKEN_FILE } = NOON_TABLE;

/** Children at once. */
const WORKERS = 4;

function asProgram(program: string, { args, env, now, parentId }: HotCall): Promise<CommandResult> {
  const told: WarmVariables = { WARM_NOW: String(now), WARM_PARENT: String(parentId) };
  return runCommand([process.execPath, program, ...args], { env: { ...env, ...told } });
}

/** In this process, with the real host; printed text is kept. */
function inProcess({ args, env, now, parentId }: HotCall, uid = process.getuid?.()) {
  const printed: string[] = [];
  const program: NodeJS.Process = Object.create(process, {
    argv: { value: ["node", "program", ...args] },
    env: { value: env },
    getuid: { value: () => uid },
  });
  const host = { ...nodeHost(program), now: () => now, parentId: () => parentId };
  const answered = answerWarm({ ...host, print: (text) => void printed.push(text) });
  return { answered, printed: printed.join("") };
}

const PLAIN = { name: "the plain warm call", answers: true };

describe("the warm answer from real files", () => {
  const root = tempFolder();

  for (const hotCase of HOT_CASES) {
    it(`${hotCase.answers ? "answers" : "leaves to the full program"}: ${hotCase.name}`, () => {
      const { answered, printed } = inProcess(layOut(root(), hotCase));
      assert.equal(answered, hotCase.answers);
      assert.equal(printed.length > 0, hotCase.answers);
    });
  }

  it("leaves its mark with mode 0600 and nothing beside it", () => {
    assert.deepEqual(inProcess(layOut(root(), PLAIN)), { answered: true, printed: ANSWER });
    const mark = onDisk(root(), MARK_FILE);
    assert.deepEqual(fs.readdirSync(path.dirname(mark)), [path.basename(mark)]);
    assert.equal(fs.statSync(mark).mode & 0o777, 0o600);
    assert.deepEqual(JSON.parse(fs.readFileSync(mark, "utf8")), {
      first: NOON,
      expires: NOON + 600_000,
      renewed: false,
    });
  });

  for (const mode of [0o640, 0o604, 0o620, 0o601, 0o666]) {
    it(`does not believe a token in a file of mode ${mode.toString(8)}`, () => {
      const call = layOut(root(), PLAIN);
      fs.chmodSync(onDisk(root(), TOKEN_FILE), mode);
      assert.deepEqual(inProcess(call), { answered: false, printed: "" });
    });
  }

  it("leaves it to the full program to say why nothing can be written", () => {
    const { args, env, now, parentId } = layOut(root(), PLAIN);
    const program: NodeJS.Process = Object.create(process, {
      argv: { value: ["node", "program", ...args] },
      env: { value: env },
    });
    const print = () => {
      throw new Error("ENOSPC: no space left on device, write");
    };
    const answered = answerWarm({ ...nodeHost(program), now: () => now, parentId: () => parentId, print });
    assert.equal(answered, false);
  });

  it("does not believe the files of another user", () => {
    const call = layOut(root(), PLAIN);
    assert.deepEqual(inProcess(call, (process.getuid?.() ?? 0) + 1), { answered: false, printed: "" });
  });

  it("follows a symbolic link to a file that is ours alone, and to no other", () => {
    const call = layOut(root(), PLAIN);
    const token = onDisk(root(), TOKEN_FILE);
    const elsewhere = path.join(root(), "elsewhere.json");
    fs.renameSync(token, elsewhere);
    fs.symlinkSync(elsewhere, token);
    assert.deepEqual(inProcess(call), { answered: true, printed: ANSWER });

    fs.chmodSync(elsewhere, 0o644);
    fs.rmSync(onDisk(root(), MARK_FILE));
    assert.deepEqual(inProcess(call), { answered: false, printed: "" });
  });

  it("does not count a mark that others could have left", () => {
    const call = layOut(root(), PLAIN);
    inProcess(call);
    fs.chmodSync(onDisk(root(), MARK_FILE), 0o666);
    assert.deepEqual(inProcess(call), { answered: true, printed: ANSWER });
  });
});

describe("the warm answer as a process", () => {
  const results = new Map<string, CommandResult>();
  let root = "";

  before(async function () {
    this.timeout(60_000);
    root = fs.mkdtempSync(path.join(os.tmpdir(), "vouch-hot-"));
    const program = await bundledScript("warm-answer", root);
    const waiting = HOT_CASES.map((hotCase, index) => ({ hotCase, folder: path.join(root, String(index)) }));
    const worker = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        results.set(next.hotCase.name, await asProgram(program, layOut(next.folder, next.hotCase)));
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
  });
  after(() => fs.rmSync(root, { recursive: true, force: true }));

  for (const { name, answers } of HOT_CASES) {
    it(`${answers ? "answers" : "leaves to the full program"}: ${name}`, () => {
      const { status, stdout, stderr } = results.get(name) ?? assert.fail("it did not run");
      assert.deepEqual(
        { status, said: stdout.length > 0, stderr },
        { status: answers ? 0 : 1, said: answers, stderr: "" },
      );
    });
  }

  it("prints the same bytes as in memory", () => {
    assert.equal(results.get(PLAIN.name)?.stdout, ANSWER);
  });

  it("has a name of its own for every case of the table", () => {
    assert.equal(results.size, HOT_CASES.length);
  });
});
