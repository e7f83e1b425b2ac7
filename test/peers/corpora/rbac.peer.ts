import assert from "node:assert/strict";
import fs from "node:fs";
import { DEFAULT_RBAC_FILE, defaultRbacText } from "./default-rbac/text.ts";
import { judgeRbac, type Verdict } from "./judge-rbac.ts";
import { type RbacCase, rbacCase } from "./rbac.ts";
import { clusterOf, rbacVectors } from "./rbac-vectors.ts";
import {
  type AccessQuestion,
  doctorAnswer,
  isAuthenticated,
  labAnswer,
  printed,
  type RbacAnswer,
  withDefaults,
} from "./rbac-world.ts";

/** Generated clusters, each with 30 questions. */
const CLUSTERS = 420;

/** Questions that each of us answers at least: not every one is for everybody. */
const LEAST = { all: 12_600, lists: 10_000, typed: 7000 };

interface Judged {
  readonly one: RbacCase;
  readonly verdict: Verdict;
  readonly question: AccessQuestion;
  readonly expected: RbacAnswer;
}

describe("what RBAC allows", () => {
  let judged: readonly Judged[];
  before(async () => {
    const cases = Array.from({ length: CLUSTERS }, (_, index) => rbacCase(index + 1));
    const verdicts = await judgeRbac(cases);
    judged = verdicts.flatMap((verdict, index) => {
      const one = cases[index] as RbacCase;
      return verdict.answers.map((expected, at) => {
        const question = one.questions[at] as AccessQuestion;
        return { one, verdict, question, expected };
      });
    });
    const allowed = judged.filter(({ expected }) => expected.allowed).length;
    say(`${CLUSTERS} clusters, ${judged.length} questions, ${allowed} allowed`);
    assert.ok(allowed * 3 >= judged.length);
  });

  it("is what the doctor says of a cluster's own lists", () => {
    compare(judged, LEAST.lists, ofLists);
  });

  it("is what the doctor says of what somebody typed", () => {
    compare(judged, LEAST.typed, ofTyped);
  });

  it("is what the lab's API server says, with the same reason", () => {
    compare(judged, LEAST.all, ofLab);
  });

  it("is what the vectors say", async () => {
    const vectors = rbacVectors();
    const cases = vectors.map((vector) => ({
      objects: clusterOf(vector),
      defaults: false,
      questions: vector.asked.map(({ question }) => question),
    }));
    const verdicts = await judgeRbac(cases);
    assert.deepEqual(
      verdicts.map(({ answers }) => answers),
      vectors.map(({ asked }) => asked.map(({ answer }) => answer)),
    );
  });

  it("begins with the defaults that the doctor knows", async () => {
    assert.equal(fs.readFileSync(DEFAULT_RBAC_FILE, "utf8"), await defaultRbacText());
  });
});

/** What one of us says, and the judge. */
type Pair = readonly [own: unknown, expected: unknown];

/** Undefined: not asked. */
function ofLists({ verdict, question, expected }: Judged): Pair | undefined {
  if (!isAuthenticated(question)) return undefined;
  return [doctorAnswer(printed(verdict.listed), question), decision(expected)];
}

function ofTyped({ one: { typed }, question, expected }: Judged): Pair | undefined {
  if (typed === undefined || !isAuthenticated(question)) return undefined;
  return [doctorAnswer(typed, question), decision(expected)];
}

function ofLab({ one: { objects, defaults }, question, expected }: Judged): Pair {
  const { allowed, reason } = expected;
  return [labAnswer(defaults ? withDefaults(objects) : objects, question), { allowed, reason }];
}

function isSame([own, expected]: Pair): boolean {
  return JSON.stringify(own) === JSON.stringify(expected);
}

function decision({ allowed }: RbacAnswer): string {
  return allowed ? "allowed" : "denied";
}

/** Fails with the first answers that are not as expected. Undefined: not asked. */
function compare(judged: readonly Judged[], least: number, answer: (one: Judged) => Pair | undefined): void {
  let asked = 0;
  const differing: object[] = [];
  for (const one of judged) {
    const pair = answer(one);
    if (pair === undefined) continue;
    asked += 1;
    if (!isSame(pair)) differing.push({ ...one, pair });
  }
  say(`${asked} questions, ${differing.length} answered otherwise`);
  assert.deepEqual(differing.slice(0, 3), []);
  assert.ok(asked >= least, `only ${asked} were asked`);
}

function say(counts: string): void {
  process.stderr.write(`      ${counts}\n`);
}
