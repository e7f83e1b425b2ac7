import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { answerWarm } from "../../../token/hot/answer.ts";
import { nodeHost } from "../../../token/node-host.ts";
import { HOT_CASES, NOON_TABLE, TOKEN } from "../../support/hot-cases.ts";
import { layOut, onDisk } from "../../support/hot-on-disk.ts";
import { inProcess } from "../../support/hot-runs.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const ANSWER =
  `{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1",` +
  `"status":{"expirationTimestamp":"2026-01-15T12:10:00Z","token":"${TOKEN}"}}\n`;

const { markFile: MARK_FILE, tokenFile: TOKEN_FILE, marksAfter } = NOON_TABLE;

const PLAIN = { name: "the plain warm call", answers: true };

/** The text of the file of marks, or undefined when there is none. */
function marksIn(root: string): string | undefined {
  const file = onDisk(root, MARK_FILE);
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}

describe("the warm answer from real files", () => {
  const root = tempFolder();

  for (const hotCase of HOT_CASES) {
    const title = `${hotCase.answers ? "answers" : "leaves to the full program"}: ${hotCase.name}`;
    const test = () => {
      const { answered, printed } = inProcess(layOut(root(), hotCase));
      assert.equal(answered, hotCase.answers);
      assert.equal(printed.length > 0, hotCase.answers);
      assert.equal(marksIn(root()), marksAfter(hotCase));
    };
    if (/\bothers\b/.test(hotCase.name)) onPosix("modes", title, test);
    else it(title, test);
  }

  onPosix("modes", "leaves its mark with mode 0600 and nothing beside it", () => {
    assert.deepEqual(inProcess(layOut(root(), PLAIN)), { answered: true, printed: ANSWER });
    const mark = onDisk(root(), MARK_FILE);
    assert.deepEqual(fs.readdirSync(path.dirname(mark)), [path.basename(mark)]);
    assert.equal(fs.statSync(mark).mode & 0o777, 0o600);
  });

  it("writes its mark into the file that is there", () => {
    const call = layOut(root(), PLAIN);
    inProcess(call);
    const { ino, size } = fs.statSync(onDisk(root(), MARK_FILE));
    inProcess({ ...call, parentId: call.parentId + 1 });
    const after = fs.statSync(onDisk(root(), MARK_FILE));
    assert.deepEqual([after.ino, after.size], [ino, size]);
    assert.deepEqual(
      [inProcess(call), inProcess({ ...call, parentId: call.parentId + 1 })].map(({ answered }) => answered),
      [false, false],
    );
  });

  for (const mode of [0o640, 0o604, 0o620, 0o601, 0o666]) {
    onPosix("modes", `does not believe a token in a file of mode ${mode.toString(8)}`, () => {
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

  onPosix("modes", "does not believe the files of another user", () => {
    const call = layOut(root(), PLAIN);
    assert.deepEqual(inProcess(call, (process.getuid?.() ?? 0) + 1), { answered: false, printed: "" });
  });

  onPosix("links", "follows a symbolic link to a file that is ours alone, and to no other", () => {
    const call = layOut(root(), PLAIN);
    const token = onDisk(root(), TOKEN_FILE);
    const elsewhere = path.join(root(), "elsewhere.json");
    fs.renameSync(token, elsewhere);
    fs.symlinkSync(elsewhere, token);
    assert.deepEqual(inProcess(call), { answered: true, printed: ANSWER });

    fs.chmodSync(elsewhere, 0o644);
    const next = { ...call, parentId: call.parentId + 1 };
    assert.deepEqual(inProcess(next), { answered: false, printed: "" });
  });

  onPosix("links", "does not write through a link where its mark should be", () => {
    const call = layOut(root(), PLAIN);
    const elsewhere = path.join(root(), "elsewhere.json");
    fs.writeFileSync(elsewhere, "bait", { mode: 0o600 });
    fs.symlinkSync(elsewhere, onDisk(root(), MARK_FILE));
    assert.deepEqual(inProcess(call), { answered: true, printed: ANSWER });
    assert.equal(fs.readFileSync(elsewhere, "utf8"), "bait");
  });
});
