/**
 * A corpus of tokens, judged by aws-iam-authenticator's own verifier, by `kubectl vouch token explain` and by the API server of
 * the lab: the same verdict for the same reason, one by one. Mapping (no entry, a reserved name) comes after all this. Needs the
 * programs of test/peers/go. With UPDATE_VECTORS=1 it writes test/vectors/eks-tokens.json.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { signEksToken } from "../../../token/eks/eks-token.ts";
import { runCommand } from "../../support/run-command.ts";
import { goProgram } from "../go/programs.ts";
import { formStep, startTokenJudge, type TokenJudge } from "./token-judge.ts";
import { writeVectors } from "./token-vectors.ts";
import * as ours from "./token-verdicts.ts";
import { tokenWorld } from "./token-world.ts";
import { type TokenCase, tokenCorpus } from "./tokens.ts";

const SEED = 20_260_115;
interface Judged {
  readonly one: TokenCase;
  readonly real: ours.Verdict;
}

describe("tokens, judged by aws-iam-authenticator", () => {
  let folder: string;
  let judge: TokenJudge;
  let judged: readonly Judged[];
  let now: number;

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "vouch-tokens-"));
    now = Date.now();
    const { world, takeover, ...signers } = tokenWorld(now);
    judge = await startTokenJudge({ folder, world, takeover, now });
    const cases = tokenCorpus({ seed: SEED, now, ...signers });
    const verdicts = await judge.verdicts(cases);
    judged = cases.map((one, index) => ({ one, real: verdicts[index] ?? { refusal: "no verdict" } }));
    if (process.env["UPDATE_VECTORS"] === "1") writeVectors(judged, { now, formStep });
  });
  after(async () => {
    await judge.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** What differs, with what the real verifier says. */
  function* explainDifferences(): Generator<string> {
    for (const { one, real } of judged) {
      // That a date is too far ahead for STS can be told; all else of STS's cannot.
      const expected = formStep(real) ?? (one.rule === "13 date ahead" ? 13 : undefined);
      const said = ours.explainedStep(one, now);
      if (said !== expected) yield `${one.rule}: step ${said}, not ${expected}: ${JSON.stringify(real)}`;
    }
  }

  /** Of an edit, the step alone: of several faults at once Go names any. */
  function difference(one: TokenCase, mine: ours.Verdict, real: ours.Verdict): string | undefined {
    const step = one.rule === "edit" ? formStep(real) : undefined;
    const isSame = step === undefined ? isDeepStrictEqual(mine, real) : formStep(mine) === step;
    return isSame ? undefined : `${one.rule}: ${JSON.stringify(mine)}, not ${JSON.stringify(real)}`;
  }

  function* formDifferences(): Generator<string> {
    for (const { one, real } of judged) {
      const refusal = ours.formRefusal(one, now);
      if (refusal === undefined && formStep(real) === undefined) continue;
      const different = difference(one, { refusal: refusal ?? "" }, real);
      if (different !== undefined) yield different;
    }
  }

  /** Some at a time: each takes a connection. */
  async function* standInDifferences(): AsyncGenerator<string> {
    const rest = [...judged];
    while (rest.length > 0) {
      const some = rest.splice(0, 50);
      const verdicts = await Promise.all(
        some.map(({ one }) => ours.standInVerdict(one, { now, sts: judge.sts })),
      );
      for (const [index, { one, real }] of some.entries()) {
        const different = difference(one, verdicts[index] ?? { refusal: "no verdict" }, real);
        if (different !== undefined) yield different;
      }
    }
  }

  it("are many, a third of them accepted, and each rule is broken twenty times or more at its own step", () => {
    const rules = Map.groupBy(judged, ({ one }) => one.rule);
    const accepted = (list: readonly Judged[]) => list.filter(({ real }) => "caller" in real).length;
    for (const [rule, list] of rules) {
      const step = Number.parseInt(rule, 10);
      const wrong = list.filter(({ real }) => {
        if (rule === "good" || rule === "odd") return "refusal" in real;
        if (Number.isNaN(step)) return false;
        return "caller" in real || (formStep(real) ?? 13) !== Math.min(step, 13);
      });
      assert.deepEqual(
        wrong.map(({ real }) => real),
        [],
        rule,
      );
    }
    const broken = Map.groupBy(judged, ({ one }) => Number.parseInt(one.rule, 10));
    for (let step = 1; step <= 15; step += 1)
      assert.ok((broken.get(step)?.length ?? 0) >= 20, `step ${step}`);
    assert.ok(judged.length >= 2000 && accepted(judged) * 3 >= judged.length);
    const figures = [...rules].map(([rule, list]) => `${rule} ${list.length}`).join(", ");
    process.stdout.write(`    ${judged.length} tokens, ${accepted(judged)} accepted: ${figures}\n`);
  });

  it("are what `token explain` says of them", () => {
    assert.deepEqual([...explainDifferences()], []);
  });

  it("are accepted and refused by the API server of the lab, in the same words", async () => {
    assert.deepEqual([...formDifferences()], []);
    const differences: string[] = [];
    for await (const one of standInDifferences()) differences.push(one);
    assert.deepEqual(differences, []);
  });

  it("are good to the millisecond for 15 minutes", async () => {
    const [credentials] = tokenWorld(now).credentials;
    assert.ok(credentials !== undefined);
    const cluster = "lab";
    const region = "us-east-1";
    const stsHost = "sts.us-east-1.amazonaws.com";
    const endingAt = (end: number) => {
      const token = signEksToken({ cluster, region, stsHost, signedAt: end - 15 * 60_000 }, credentials);
      return { rule: "end", token, cluster, region, partition: "aws" };
    };

    let end = 0;
    let before: Awaited<ReturnType<typeof judge.verdicts>> = [];
    // A slow judge is asked again, about a token that ends later.
    for (let leftMs = 3000; Date.now() >= end; leftMs *= 4) {
      end = Math.ceil(Date.now() / 1000) * 1000 + leftMs;
      before = await judge.verdicts([endingAt(end)]);
    }
    const one = endingAt(end);
    while (Date.now() <= end) await new Promise((resolve) => setTimeout(resolve, end + 1 - Date.now()));
    const [late = { refusal: "" }] = await judge.verdicts([one]);
    assert.deepEqual([...before.map((verdict) => formStep(verdict)), formStep(late)], [undefined, 12]);
    assert.deepEqual([ours.explainedStep(one, end), ours.explainedStep(one, end + 1)], [undefined, 12]);
    assert.deepEqual(
      [ours.formRefusal(one, end), ours.formRefusal(one, end + 1)],
      [undefined, "refusal" in late && late.refusal],
    );
  });

  it("are signed by us as aws-iam-authenticator signs them", async () => {
    const credentials = tokenWorld(now).credentials[3] ?? assert.fail();
    const { stdout } = await runCommand(
      [goProgram("aws-iam-authenticator"), "token", "-i", "lab", "--token-only"],
      {
        env: {
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
          AWS_SESSION_TOKEN: credentials.sessionToken ?? "",
          AWS_REGION: "eu-west-1",
          HOME: folder,
        },
      },
    );
    const theirs = stdout.trim();
    const url = Buffer.from(theirs.slice(11), "base64url").toString();
    const [, year, month, day, time = ""] = /X-Amz-Date=(\d{4})(\d\d)(\d\d)T(\d{6})Z/.exec(url) ?? [];
    const signedAt = Date.parse(`${year}-${month}-${day}T${time.replace(/(..)(..)(..)/, "$1:$2:$3")}Z`);
    const place = { cluster: "lab", region: "eu-west-1", stsHost: "sts.eu-west-1.amazonaws.com" };
    assert.equal(theirs, signEksToken({ ...place, signedAt }, credentials));
  });
});
