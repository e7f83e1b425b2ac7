/**
 * The cases of test/token/aws/sources/cases.ts before the code of the real AWS CLI 1 and 2, and before the default chain of the
 * AWS SDK for JavaScript: the same credentials, the same refusal, or the difference that the case declares.
 *
 * Needs both AWS CLIs on PATH. No network but loopback.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { setUpCenter } from "../../../plugin/setup/center/center-setup.ts";
import { loginTokenFile, ssoTokenFile } from "../../../token/aws/sources/cache-names.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { type JsonLines, startJsonLines } from "../../support/json-lines.ts";
import { isWhole } from "../../support/part.ts";
import { runCommand } from "../../support/run-command.ts";
import { CACHE_CASES } from "../../token/aws/sources/cache-cases.ts";
import { CASE_GROUPS } from "../../token/aws/sources/cases.ts";
import { planOfCase, type SourceGiven } from "../../token/aws/sources/plan-of-case.ts";
import { planWords } from "../../token/aws/sources/plan-words.ts";
import type { SourceCase } from "../../token/aws/sources/source-case.ts";
import { awsCli } from "../aws-cli/programs.ts";
import { type Machine, startMachine } from "./machine.ts";
import { oddCase, randomCase } from "./random-case.ts";

const RANDOM_CASES = 300;
const ODD_CASES = isWhole() ? 2000 : 250;
const SOURCE_CASES = Object.values(CASE_GROUPS).flat();

type Tool = keyof typeof TOOLS;

const TOOLS = {
  cli1: "AWS CLI 1",
  cli2: "AWS CLI 2",
  sdk: "the AWS SDK for JavaScript",
} as const;

type Answer = { readonly words: string } | { readonly refusal: string };
type Outcome = string | RegExp;

describe("sources of credentials, as AWS's own tools choose them", () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "aws-sources-"));
  let machine: Machine;
  const judges = new Map<Tool, JsonLines>();

  before(async () => {
    machine = await startMachine();
    layOutTokens(home);
    const env = { HOME: home, PATH: process.env["PATH"] ?? "" };
    const cli = (major: 1 | 2) =>
      startJsonLines([awsCli(major).python, path.join(import.meta.dirname, "judge-cli.py")], env);
    judges.set("cli1", cli(1)).set("cli2", cli(2));
    judges.set(
      "sdk",
      startJsonLines([process.execPath, path.join(import.meta.dirname, "judge-sdk", "main.ts")], env),
    );
  });
  after(async () => {
    await Promise.all([...judges.values()].map((judge) => judge.close()));
    await machine.close();
    fs.rmSync(home, { recursive: true });
  });

  for (const tool of ["cli2", "cli1", "sdk"] as const) {
    describe(TOOLS[tool], () => {
      for (const each of SOURCE_CASES)
        it(each.name, async () => {
          const judge = judges.get(tool) ?? assert.fail(`no ${tool}`);
          const answer = (await judge.ask(question(each, home, machine.url))) as Answer;
          const expected = outcomes(each)[tool];
          const seen = "words" in answer ? answer.words : answer.refusal;
          if (typeof expected === "string") assert.deepEqual(answer, { words: expected });
          else assert.ok("refusal" in answer && expected.test(seen), `${seen} is not ${expected}`);
        });
    });
  }

  for (const tool of ["cli1", "cli2", "sdk"] as const)
    it(`are those of ${TOOLS[tool]} in profiles that setup aws writes`, async () => {
      const judge = judges.get(tool) ?? assert.fail(`no ${tool}`);
      const { config, profiles } = writtenProfiles();
      for (const profile of profiles) {
        const given = { config, profile };
        const answer = (await judge.ask(question(given, home, machine.url))) as Answer;
        assert.deepEqual(answer, { words: planWords(planOfCase(given)) }, profile);
      }
    });

  for (const tool of ["cli1", "cli2"] as const) {
    it(`are those of ${TOOLS[tool]} whatever stands in the files`, async () => {
      const judge = judges.get(tool) ?? assert.fail(`no ${tool}`);
      const found = { given: 0, refused: 0 };
      await fc.assert(
        fc.asyncProperty(randomCase, async (random) => {
          const answer = (await judge.ask(question(random, home, machine.url))) as Answer;
          const theirs = wordsIn(answer);
          assert.equal(wordsOrRefusal(random, theirs), theirs, JSON.stringify(answer));
          found[theirs === undefined ? "refused" : "given"] += 1;
        }),
        { numRuns: RANDOM_CASES },
      );
      process.stdout.write(`      ${found.given} give credentials, ${found.refused} are refused\n`);
      assert.ok(Math.min(found.given, found.refused) * 5 >= RANDOM_CASES, JSON.stringify(found));
    });
  }

  for (const tool of ["cli1", "cli2"] as const) {
    it(`are never others than those of ${TOOLS[tool]}, however oddly the files are written`, async () => {
      const judge = judges.get(tool) ?? assert.fail(`no ${tool}`);
      const found = { same: 0, weRefuse: 0, theyRefuse: 0, bothRefuse: 0 };
      await fc.assert(
        fc.asyncProperty(oddCase, async (odd) => {
          const answer = (await judge.ask(question(odd, home, machine.url))) as Answer;
          const theirs = wordsIn(answer);
          const ours = wordsOrRefusal(odd, theirs);
          if (ours !== undefined && theirs !== undefined) assert.equal(ours, theirs);
          const refusal = ours === undefined ? "weRefuse" : "same";
          found[theirs !== undefined ? refusal : ours === undefined ? "bothRefuse" : "theyRefuse"] += 1;
        }),
        { numRuns: ODD_CASES },
      );
      process.stdout.write(`      ${JSON.stringify(found)}\n`);
      assert.ok(found.same * 12 >= ODD_CASES, JSON.stringify(found));
    });
  }

  for (const major of [1, 2] as const) {
    it(`are kept under the names that AWS CLI ${major} computes`, async () => {
      const cases = CACHE_CASES.filter(({ onlyBy = major }) => onlyBy === major);
      const { status, stdout, stderr } = await runCommand(
        [awsCli(major).python, path.join(import.meta.dirname, "judge-cache-names.py")],
        { env: { HOME: home }, stdin: JSON.stringify(cases.map(({ asked }) => asked)) },
      );
      assert.equal(status, 0, stderr);
      assert.deepEqual(
        cases.map(({ ours }) => ours),
        (JSON.parse(stdout) as string[]).map((key) => `${key}.json`),
      );
    });
  }

  it("are chosen otherwise than by AWS CLI 2 only where the case says why", () => {
    const undeclared = SOURCE_CASES.filter((each) => {
      const { cli2 } = outcomes(each);
      const isSame = typeof each.ours === "string" ? each.ours === cli2 : cli2 instanceof RegExp;
      return isSame === (each.why !== undefined);
    });
    assert.deepEqual(
      undeclared.map(({ name }) => name),
      [],
    );
  });
});

/** A file with profiles for accounts that are called in many ways. */
function writtenProfiles(): { readonly config: string; readonly profiles: readonly string[] } {
  const names = ["prod", "Prod (EU)", "pröd", "本番", "default", "x=y:z", "%(prod)s", "a # b ; c"];
  const accounts = names.map((name, index) => ({
    account: { id: `00000000000${index}`, name },
    roles: ["Dev", "a,b=c", "x@y.z+w"],
  }));
  const text = "[default]\nregion = eu-west-1\n";
  const files = { config: { path: "c", text }, credentials: { path: "d", text: undefined } };
  const session = { name: "corp", startUrl: "https://corp.awsapps.com/start", region: "us-east-1" };
  const wish = { session, accounts, template: undefined, match: undefined, region: "eu-west-1" };
  const { changes, profiles } = setUpCenter(files, wish);
  return { config: changes[0]?.after ?? "", profiles: profiles.map(({ name }) => name) };
}

function outcomes({ name, ours, cli2, cli1, sdk }: SourceCase): Record<Tool, Outcome> {
  const same = typeof ours === "string" ? ours : undefined;
  const two = cli2 ?? same ?? assert.fail(`${name}: what AWS CLI 2 says is missing`);
  return {
    cli2: two,
    cli1: cli1 ?? two,
    sdk: sdk ?? same ?? assert.fail(`${name}: what the SDK does is missing`),
  };
}

/** Where nothing else gives credentials, AWS's tools go on to these; we do not, for a profile that somebody names. */
const MACHINE = ["container", "instance-metadata"];

/** Their words, with `DIR` as in the case; undefined for a refusal. */
function wordsIn(answer: Answer): string | undefined {
  return "words" in answer ? answer.words.replaceAll(/\/\S+\/case-\w+/g, "DIR") : undefined;
}

/** Our words; undefined for a refusal. `theirs` counts as ours where a profile gives nothing and they take the machine's. */
function wordsOrRefusal(random: SourceGiven, theirs: string | undefined): string | undefined {
  try {
    return planWords(planOfCase(random));
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    const isNothing = ["profile-empty", "aws-not-configured"].includes(error.code);
    return isNothing && theirs !== undefined && MACHINE.includes(theirs) ? theirs : undefined;
  }
}

/** Writes the files of a case, and asks for it. */
function question({ config, credentials, env, profile }: SourceGiven, home: string, url: string): object {
  const folder = fs.mkdtempSync(path.join(home, "case-"));
  const placed = (text: string) => text.replaceAll("DIR", folder).replaceAll("URL/", `${url}/`);
  for (const token of ["web", "other"]) fs.writeFileSync(path.join(folder, token), token);
  for (const [name, text] of Object.entries({ config, credentials }))
    if (text !== undefined) fs.writeFileSync(path.join(folder, name), placed(text));
  const variables = Object.entries(env ?? {}).map(([name, value]) => [name, placed(value)]);
  return {
    profile: profile ?? null,
    env: {
      HOME: home,
      PATH: process.env["PATH"] ?? "",
      AWS_CONFIG_FILE: path.join(folder, "config"),
      AWS_SHARED_CREDENTIALS_FILE: path.join(folder, "credentials"),
      AWS_EC2_METADATA_SERVICE_ENDPOINT: `${url}/`,
      AWS_REGION: "eu-west-1",
      ...Object.fromEntries(variables),
    },
  };
}

/** Logged in to Identity Center and by `aws login`, with files under our names; the tokens say what they are for. */
function layOutTokens(home: string): void {
  const expiresAt = "2100-01-01T00:00:00Z";
  const sso = path.join(home, ".aws", "sso", "cache");
  const login = path.join(home, ".aws", "login", "cache");
  for (const folder of [sso, login]) fs.mkdirSync(folder, { recursive: true });
  for (const name of ["corp", "https://corp.awsapps.com/start"])
    fs.writeFileSync(path.join(sso, ssoTokenFile(name)), JSON.stringify({ accessToken: name, expiresAt }));
  const session = "arn:aws:iam::111122223333:user/ada";
  const accessToken = {
    accessKeyId: `login ${session}`,
    secretAccessKey: "s",
    sessionToken: "t",
    accountId: "111122223333",
    expiresAt,
  };
  fs.writeFileSync(
    path.join(login, loginTokenFile(session)),
    JSON.stringify({ accessToken, clientId: "c", refreshToken: "r", dpopKey: "k" }),
  );
}
