import type { Confidence } from "../derive/confidence.ts";
import type { Facts } from "../derive/facts.ts";
import type { Finding, Rule } from "./rule.ts";
import { STAGES } from "./stages.ts";

/** What became of one rule. */
type Verdict =
  | { readonly rule: Rule; readonly status: "passed" }
  | { readonly rule: Rule; readonly status: "found"; readonly findings: readonly Finding[] }
  /** What it needs is not known. */
  | { readonly rule: Rule; readonly status: "unknown"; readonly missing: readonly (keyof Facts)[] };

/** A broken link, with what it explains. */
export interface RootCause extends Finding {
  /** Name of the rule that found it. */
  readonly code: string;
  /** Findings that are its effects, or that fit the same failure less well. */
  readonly folded: readonly CodedFinding[];
}

interface CodedFinding extends Finding {
  readonly code: string;
}

export interface Diagnosis {
  /** True when it is known that the context works and nothing is wrong with it. */
  readonly healthy: boolean;
  /** Most important first; more than one when faults are independent. */
  readonly rootCauses: readonly RootCause[];
  readonly warnings: readonly CodedFinding[];
  /** Rules that looked and found nothing. */
  readonly ruledOut: readonly Rule[];
  readonly verdicts: readonly Verdict[];
}

const CONFIDENCES: readonly Confidence[] = ["certain", "likely", "possible"];

/** Judges facts by rules. Pure: the same facts give the same diagnosis. */
export function diagnose(rules: readonly Rule[], facts: Facts): Diagnosis {
  const verdicts = rules.map((rule) => judge(rule, facts));
  const findings = verdicts.flatMap((verdict) =>
    verdict.status === "found"
      ? verdict.findings.map((finding) => ({ ...finding, code: verdict.rule.code }))
      : [],
  );
  const works = facts.symptom?.kind === "none";
  const errors = works ? [] : findings.filter(({ severity }) => severity === "error");
  const rootCauses = chooseRootCauses(errors);
  const folded = new Set(rootCauses.flatMap((root) => root.folded.map(({ code }) => code)));
  return {
    healthy: works && rootCauses.length === 0,
    rootCauses,
    warnings: findings.filter((finding) => isWarning(finding, works) && !folded.has(finding.code)),
    ruledOut: verdicts.flatMap((verdict) => (verdict.status === "passed" ? [verdict.rule] : [])),
    verdicts,
  };
}

/** Where the call works, what a field shows to be odd is worth a word; what was only inferred is refuted. */
function isWarning({ severity, inferred }: Finding, works: boolean): boolean {
  return severity === "warning" || (works && inferred !== true);
}

function judge(rule: Rule, facts: Facts): Verdict {
  const isMissing = (name: keyof Facts) => facts[name] === undefined;
  const choice = rule.needsOneOf ?? [];
  const missing = [...rule.needs.filter(isMissing), ...(choice.every(isMissing) ? choice : [])];
  if (missing.length > 0) return { rule, status: "unknown", missing };
  const findings = rule.judge(facts as Parameters<Rule["judge"]>[0]);
  return findings.length === 0 ? { rule, status: "passed" } : { rule, status: "found", findings };
}

/**
 * The cause before its effects: in the order of the chain, each finding is an effect of an earlier one, or a fault of its
 * own. What was only inferred from the failure explains nothing once something seen explains it.
 */
function chooseRootCauses(errors: readonly CodedFinding[]): RootCause[] {
  const seen = errors.filter(({ inferred }) => inferred !== true).sort(byStageThenConfidence);
  const inferred = errors.filter((finding) => finding.inferred === true).sort(byConfidenceThenStage);
  const roots: { finding: CodedFinding; folded: CodedFinding[] }[] = [];
  for (const finding of [...explainersFirst(seen), ...explainersFirst(inferred)]) {
    const cause = roots.find((root) => explains(root.finding, finding) || root.folded.some(says(finding)));
    if (cause === undefined) roots.push({ finding, folded: [] });
    else cause.folded.push(finding);
  }
  return roots
    .sort((a, b) => byConfidenceThenStage(a.finding, b.finding))
    .map(({ finding, folded }) => ({ ...finding, folded }));
}

/** The findings in their order, those last that another of them, as sure at least, says it explains. */
function explainersFirst(findings: readonly CodedFinding[]): CodedFinding[] {
  const isSureOf = (cause: CodedFinding, effect: CodedFinding) =>
    says(effect)(cause) && !says(cause)(effect) && rank(cause.confidence) <= rank(effect.confidence);
  const isExplained = (effect: CodedFinding) => findings.some((cause) => isSureOf(cause, effect));
  return [
    ...findings.filter((finding) => !isExplained(finding)),
    ...findings.filter((finding) => isExplained(finding)),
  ];
}

/** Whether a finding says itself that it explains the effect. */
function says(effect: Finding): (cause: Finding) => boolean {
  return (cause) => cause.explains?.includes(effect.cause) === true;
}

/** Whether `effect` needs no explanation of its own once `cause` is known. */
function explains(cause: CodedFinding, effect: CodedFinding): boolean {
  if (says(effect)(cause) || cause.cause === effect.cause) return true;
  if (effect.inferred === true) return true;
  return rank(effect.confidence) > rank(cause.confidence) && stageIndex(effect) >= stageIndex(cause);
}

function byStageThenConfidence(a: Finding, b: Finding): number {
  return stageIndex(a) - stageIndex(b) || rank(a.confidence) - rank(b.confidence);
}

function byConfidenceThenStage(a: Finding, b: Finding): number {
  return rank(a.confidence) - rank(b.confidence) || stageIndex(a) - stageIndex(b);
}

function stageIndex({ stage }: Finding): number {
  return STAGES.indexOf(stage);
}

function rank(confidence: Confidence): number {
  return CONFIDENCES.indexOf(confidence);
}
