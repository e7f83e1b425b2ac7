/**
 * Broken files before the launcher of the release in the folder that KUBECTL_VOUCH_RELEASE names: each ends in exactly the
 * right answer, or in the core. `VOUCH_FUZZ_SEED` and `VOUCH_FUZZ_CASES` play other ones.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { bundledScript } from "../support/bundled-script.ts";
import type { HotCase } from "../support/hot-case.ts";
import { hotTable, STATE } from "../support/hot-cases.ts";
import { layOut, onDisk } from "../support/hot-on-disk.ts";
import { mutated, randomNumbers } from "../support/mutations.ts";
import { type OneParent, startShell } from "../support/one-parent.ts";
import { SHIPPED_VERSION, shipped } from "../support/shipped-files.ts";
import type warmJudge from "../support/warm-judge.ts";

const SEED = Number(process.env["VOUCH_FUZZ_SEED"] ?? 20_260_115);
const CASES = Number(process.env["VOUCH_FUZZ_CASES"] ?? 10_000);

/** At once; each has a folder and a parent process of its own. */
const WORKERS = 2;

/** What the launcher becomes ends with this, and says nothing. */
const BECAME_CORE = 77;

/** Situations whose files are changed: all that a file of marks can mean, too. */
const SITUATIONS = [
  "the plain warm call",
  "a second call from the same process",
  "a burst whose token was fetched again",
  "a token that somebody else fetched again",
  "an old mark",
  "the account by name, who is the one logged in",
];

const { folder, launcher, core } = shipped();

interface Outcome {
  readonly answered: boolean;
  readonly printed: string;
}

describe(`the launcher before ${CASES} broken files (seed ${SEED})`, function () {
  this.timeout(600_000);
  let judge: typeof warmJudge;
  before(async () => {
    const bundled = await bundledScript("warm-judge", folder, SHIPPED_VERSION);
    judge = ((await import(bundled)) as { default: typeof warmJudge }).default;
    fs.rmSync(core);
    const source = `int main(void) { return ${BECAME_CORE}; }`;
    execFileSync("gcc", ["-static", "-O1", "-x", "c", "-o", core, "-"], { input: source });
  });

  it("gives the answer that Node gives, or becomes the core", async () => {
    const counts = { answered: 0, becameCore: 0, nodeAnsweredAlone: 0 };
    const numbers = Array.from({ length: CASES }, (_, index) => index).values();
    const worker = async (name: string) => {
      const root = path.join(folder, name);
      const shell = startShell(launcher, root);
      try {
        for (const number of numbers) await play(number, root, shell, counts);
      } finally {
        shell.stop();
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, (_, index) => worker(`worker-${index}`)));
    // Neither is empty: else this would prove nothing.
    assert.ok(counts.answered > CASES / 20 && counts.becameCore > CASES / 20, JSON.stringify(counts));
    process.stdout.write(`      ${JSON.stringify(counts)}\n`);
  });

  async function play(
    number: number,
    root: string,
    shell: OneParent,
    counts: { answered: number; becameCore: number; nodeAnsweredAlone: number },
  ): Promise<void> {
    // Each case has numbers of its own, so that one can be played alone.
    const random = randomNumbers(SEED + number * 7919);
    const table = hotTable({ noon: Date.now(), parentId: shell.pid, version: SHIPPED_VERSION });
    const wanted = SITUATIONS[random(SITUATIONS.length)];
    const hotCase =
      table.cases.find(({ name }) => name === wanted) ?? assert.fail(`there is no case ${wanted}`);
    const targets = [table.tokenFile, `${STATE}/current.json`, table.markFile];
    const target = targets[random(targets.length)] ?? "";
    const { files } = table.situation(hotCase);
    const bytes = mutated(Buffer.from(files[target] ?? ""), random);

    const told = () =>
      `seed ${SEED}, case ${number}, ${wanted}, ${path.basename(target)}: ${JSON.stringify(bytes.toString("latin1").slice(0, 600))}`;
    const place = { hotCase, table, target, bytes };
    const node = onNode(path.join(root, "node"), place);
    const { args, env } = laidOut(path.join(root, "launcher"), place);
    const { status, stdout, stderr } = await shell.run(args, env);

    assert.equal(stderr, "", told());
    if (status === BECAME_CORE) {
      assert.equal(stdout, "", told());
      counts.becameCore += 1;
      if (node.answered) {
        counts.nodeAnsweredAlone += 1;
        assert.ok(isNestedDeep(bytes), `Node alone answers: ${told()}`);
      }
      return;
    }
    assert.equal(status, 0, told());
    assert.deepEqual({ answered: true, printed: stdout }, node, told());
    assert.equal(
      stdout,
      rightAnswer(target === table.tokenFile ? bytes.toString() : (files[table.tokenFile] ?? "")),
      told(),
    );
    counts.answered += 1;
  }

  interface Place {
    readonly hotCase: HotCase;
    readonly table: ReturnType<typeof hotTable>;
    readonly target: string;
    readonly bytes: Buffer;
  }

  function laidOut(root: string, { hotCase, table, target, bytes }: Place) {
    fs.rmSync(onDisk(root, table.markFile), { force: true });
    const call = layOut(root, hotCase, table);
    fs.writeFileSync(onDisk(root, target), bytes, { mode: 0o600 });
    return call;
  }

  function onNode(root: string, place: Place): Outcome {
    const { args, env, parentId } = laidOut(root, place);
    let printed = "";
    const program: NodeJS.Process = Object.create(process, {
      argv: { value: ["node", "program", ...args] },
      env: { value: env },
    });
    const answered = judge.answerWarm({
      ...judge.nodeHost(program),
      parentId: () => parentId,
      print: (text) => {
        printed += text;
      },
    });
    return { answered, printed };
  }
});

/** What a file says that is believed, told without our own code. */
function rightAnswer(text: string): string {
  const { token, expires } = JSON.parse(text) as { token: string; expires: number };
  const expirationTimestamp = new Date(expires - (expires % 1000)).toISOString().replace(/\.000Z$/, "Z");
  const status = { expirationTimestamp, token };
  return `${JSON.stringify({ kind: "ExecCredential", apiVersion: "client.authentication.k8s.io/v1", status })}\n`;
}

function isNestedDeep(bytes: Buffer): boolean {
  return bytes.filter((byte) => byte === 0x5b || byte === 0x7b).length > 500;
}
