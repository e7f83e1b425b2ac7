import assert from "node:assert/strict";
import type * as definitions from "../../../doctor/causes/all.ts";
import { RULES } from "../../../doctor/causes/index.ts";
import type { CauseId } from "../../../doctor/check/cause-ids.ts";
import { type Finding, type Outcome, runRule } from "../../../doctor/check/run-rule.ts";
import type { Stage } from "../../../doctor/check/stages.ts";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import type { Audience } from "../../../doctor/fixes/fix.ts";
import { type RenderedFix, renderFix } from "../../../doctor/fixes/render-fix.ts";
import { poorer, readsOf } from "./bundle.ts";

/** A rule by stage and code: `mapping/eks-access-entry-stale`. */
export type RulePath = keyof typeof definitions;

/** Bundles by what a rule says of them. A key is the title of a test: what its bundle shows. */
export interface RuleCases {
  /** Broken links, by how sure the rule is of them. */
  readonly certain?: Cases<Bundles | FoundCase>;
  readonly likely?: Cases<Bundles | FoundCase>;
  readonly possible?: Cases<Bundles | FoundCase>;
  /** Look-alikes in which all is as the rule expects. */
  readonly passed?: Cases<Bundles>;
  /** Look-alikes in which what the rule looks at has no part. */
  readonly notApplicable?: Cases<Bundles>;
  readonly unknown?: Cases<UnknownCase>;
}

type Cases<T> = Readonly<Record<string, T>>;

/** One bundle, or several of which the same is said. */
type Bundles = DoctorEvidence | readonly DoctorEvidence[];

/** One finding, and more about it. Cause, severity and stage are always compared, the rest where it is stated. */
interface FoundCase {
  readonly on: Bundles;
  /** Another than the rule's main one. */
  readonly cause?: CauseId;
  /** An error unless stated. */
  readonly severity?: "warning";
  /** The rule's own unless stated. */
  readonly stage?: Stage;
  readonly inferred?: boolean;
  readonly explains?: readonly CauseId[];
  readonly summary?: string | RegExp;
  readonly evidence?: readonly (string | RegExp)[];
  /** Those of all fixes, as printed for bash; one, or several. */
  readonly commands?: string | readonly string[];
  /** This and what follows: of the first fix. */
  readonly audience?: Audience;
  readonly description?: string | RegExp;
  /** An object, where it is JSON. */
  readonly text?: string | RegExp | object;
}

interface UnknownCase {
  readonly on: Bundles;
  /** The part of the evidence for want of which the rule cannot decide, or several in any order. */
  readonly missing: Part | readonly Part[];
}

type Part = keyof DoctorEvidence;

/**
 * Makes a test of each case; findings are of `mainCause` unless a case names another. One more test takes each part of the
 * evidence away from every broken link: then it may be less sure, and is never ruled out.
 */
export function testRule(path: RulePath, mainCause: CauseId, cases: RuleCases): void {
  describe(path, () => {
    for (const confidence of ["certain", "likely", "possible"] as const) {
      each(confidence, cases[confidence], (expected) => {
        const found = { cause: mainCause, ...("on" in expected ? expected : { on: expected }) };
        for (const bundle of bundlesOf(found.on)) checkFinding(path, bundle, confidence, found);
      });
    }
    for (const status of ["passed", "notApplicable"] as const) {
      each(status, cases[status], (on) => {
        for (const bundle of bundlesOf(on)) assert.equal(gist(outcomeOf(path, bundle)), status);
      });
    }
    it("rules out no broken link when a part of the evidence is taken away", () => {
      for (const broken of [cases.certain, cases.likely, cases.possible])
        for (const [title, found] of Object.entries(broken ?? {}))
          for (const bundle of bundlesOf("on" in found ? found.on : found)) checkPoorer(path, bundle, title);
    });
    each("unknown", cases.unknown, ({ on, missing }) => {
      const expected = `unknown without ${[missing].flat().sort().join(", ")}`;
      for (const bundle of bundlesOf(on)) assert.equal(gist(outcomeOf(path, bundle)), expected);
    });
  });
}

/** What a rule finds in a bundle, for a test that is not data. */
export function findingsOf(path: RulePath, bundle: DoctorEvidence): readonly Finding[] {
  const outcome = outcomeOf(path, bundle);
  return outcome.status === "found" ? outcome.findings : [];
}

/** The fixes of the first finding, as they are printed. */
export function fixesOf(path: RulePath, bundle: DoctorEvidence): readonly RenderedFix[] {
  return findingsOf(path, bundle)[0]?.fixes.map((fix) => renderFix(fix, { shell: "bash" })) ?? [];
}

function each<T>(name: string, cases: Cases<T> = {}, check: (expected: T) => void): void {
  for (const [title, expected] of Object.entries(cases)) {
    it(`${name}: ${title}`, () => check(expected));
  }
}

/** With what a file is opened or converted where the doctor runs; cases have what Linux and macOS have. */
const OF_WINDOWS = /^(?:notepad|Get-Content) /;

function checkFinding(path: RulePath, bundle: DoctorEvidence, confidence: string, expected: FoundCase): void {
  const outcome = outcomeOf(path, bundle);
  const { cause, severity = "error", stage = outcome.rule.stage } = expected;
  assert.equal(gist(outcome), `${severity} ${cause} in ${stage}, ${confidence}`);
  const [finding] = findingsOf(path, bundle);
  const { inferred = false, explains, summary, evidence } = finding ?? assert.fail();
  if (expected.inferred !== undefined) assert.equal(inferred, expected.inferred);
  if (expected.explains !== undefined) assert.deepEqual(explains, expected.explains);
  checkText(summary, expected.summary);
  if (expected.evidence !== undefined) {
    assert.equal(evidence.length, expected.evidence.length, evidence.join("\n"));
    for (const [index, sentence] of expected.evidence.entries()) checkText(evidence[index], sentence);
  }
  const fixes = fixesOf(path, bundle);
  assert.doesNotMatch(fixes[0]?.description ?? "", /^Or /, "the first fix is no alternative to another");
  const commands = fixes.flatMap((fix) => fix.commands);
  if (expected.commands !== undefined && !commands.some((line) => OF_WINDOWS.test(line)))
    assert.deepEqual(commands, [expected.commands].flat());
  checkText(fixes[0]?.audience, expected.audience);
  checkText(fixes[0]?.description, expected.description);
  checkText(fixes[0]?.text, expected.text);
}

/** Takes away what the rule reads: it cannot tell whether anything else is there. */
function checkPoorer(path: RulePath, bundle: DoctorEvidence, title: string): void {
  const { evidence, read } = readsOf(bundle);
  fixesOf(path, evidence);
  for (const [what, less] of poorer(bundle, read)) {
    const { status } = outcomeOf(path, less);
    assert.doesNotMatch(fixesOf(path, less)[0]?.description ?? "", /^Or /, `${title}, ${what}`);
    assert.ok(status === "found" || status === "unknown", `${title}, ${what}: ${status}`);
  }
}

function checkText(text: string | undefined, expected: string | RegExp | object | undefined): void {
  if (expected instanceof RegExp) assert.match(text ?? "", expected);
  else if (typeof expected === "object") assert.deepEqual(JSON.parse(text ?? "null"), expected);
  else if (expected !== undefined) assert.equal(text, expected);
}

/** What becomes of a rule in a bundle, under the name that it is registered with. */
function outcomeOf(path: RulePath, bundle: DoctorEvidence): Outcome {
  const rule = RULES.find(({ stage, code }) => `${stage}/${code}` === path);
  return runRule(rule ?? assert.fail(`doctor/causes/all.ts has no ${path}`), deriveFacts(bundle));
}

/** An outcome in one line: `error E3 in mapping, certain`, `passed`, `unknown without cluster`. */
function gist(outcome: Outcome): string {
  switch (outcome.status) {
    case "found":
      return outcome.findings
        .map(({ severity, cause, stage, confidence }) => `${severity} ${cause} in ${stage}, ${confidence}`)
        .join("; ");
    case "unknown":
      return `unknown without ${outcome.missing.toSorted().join(", ")}`;
    case "failed":
      return `failed: ${outcome.error}`;
    default:
      return outcome.status;
  }
}

function bundlesOf(on: Bundles): readonly DoctorEvidence[] {
  const bundles = [on].flat();
  assert.ok(bundles.length > 0, "a case has a bundle");
  return bundles;
}
