import { grantOfOther } from "../derive/authorization/authorization.ts";
import type { Confidence } from "../derive/confidence.ts";
import type { Facts } from "../derive/facts.ts";
import type { Rule } from "./rule.ts";
import { type Finding, type Outcome, runRule } from "./run-rule.ts";
import { STAGES } from "./stages.ts";

/** A broken link, and the findings that it explains. */
export interface RootCause extends Finding {
  /** Findings that are its effects, or that fit the same failure less well. */
  readonly consequences: readonly Finding[];
}

export interface Diagnosis {
  /**
   * True: it is known that the context works, and nothing is wrong with it; for another user, that the cluster allows their
   * request.
   */
  readonly healthy: boolean;
  /** Most important first; several if the faults are independent. */
  readonly rootCauses: readonly RootCause[];
  readonly warnings: readonly Finding[];
  /** The outcome of each rule. */
  readonly outcomes: readonly Outcome[];
}

const CONFIDENCES: readonly Confidence[] = ["certain", "likely", "possible"];

/** Evaluates facts by rules. Pure: the same facts give the same diagnosis. */
export function diagnose(rules: readonly Rule[], facts: Facts): Diagnosis {
  const outcomes = rules.map((rule) => runRule(rule, facts));
  const findings = outcomes.flatMap((outcome) => (outcome.status === "found" ? outcome.findings : []));
  const { symptom } = facts;
  const works = symptom?.kind === "none";
  const errors = findings.filter(
    (finding) => finding.severity === "error" && (!works || (symptom.isProbed && stopsClient(finding))),
  );
  const rootCauses = chooseRootCauses(errors);
  const consequences = new Set(rootCauses.flatMap((root) => root.consequences.map(({ code }) => code)));
  return {
    healthy: (works || grantOfOther(facts) !== undefined) && rootCauses.length === 0,
    rootCauses,
    warnings: findings.filter(
      (finding) =>
        isWarning(finding, works) &&
        !consequences.has(finding.code) &&
        !rootCauses.some(({ code }) => code === finding.code),
    ),
    outcomes,
  };
}

/** A fault seen in a field that stops the client before its call, if only the doctor's own call is known to work. */
function stopsClient({ stage, inferred }: Finding): boolean {
  return (stage === "kubeconfig" || stage === "plugin") && inferred !== true;
}

/** If the call works, a fault seen in a field is still worth a warning; one that was only inferred is refuted. */
function isWarning({ severity, inferred }: Finding, works: boolean): boolean {
  return severity === "warning" || (works && inferred !== true);
}

/**
 * The cause before its effects: in the order of the chain, each finding is an effect of an earlier one, or an independent fault.
 * What was only inferred from the failure is not the cause if something seen explains it.
 */
function chooseRootCauses(errors: readonly Finding[]): RootCause[] {
  const seen = errors.filter(({ inferred }) => inferred !== true).sort(byStageThenConfidence);
  const inferred = errors.filter((finding) => finding.inferred === true).sort(byConfidenceThenStage);
  const roots: { finding: Finding; consequences: Finding[] }[] = [];
  for (const finding of [...explainersFirst(seen), ...explainersFirst(inferred)]) {
    const cause = roots.find(
      (root) => explains(root.finding, finding) || root.consequences.some(says(finding)),
    );
    if (cause === undefined) roots.push({ finding, consequences: [] });
    else cause.consequences.push(finding);
  }
  return roots
    .sort((a, b) => byConfidenceThenStage(a.finding, b.finding))
    .map(({ finding, consequences }) => ({ ...finding, consequences }));
}

/** The findings in their order, but last those that another, at least as certain one says it explains. */
function explainersFirst(findings: readonly Finding[]): Finding[] {
  const isSureOf = (cause: Finding, effect: Finding) =>
    says(effect)(cause) && !says(cause)(effect) && rank(cause.confidence) <= rank(effect.confidence);
  const isExplained = (effect: Finding) => findings.some((cause) => isSureOf(cause, effect));
  return [
    ...findings.filter((finding) => !isExplained(finding)),
    ...findings.filter((finding) => isExplained(finding)),
  ];
}

/** Whether a finding itself says that it explains the effect. */
function says(effect: Finding): (cause: Finding) => boolean {
  return (cause) => cause.explains?.includes(effect.cause) === true;
}

/**
 * Whether `effect` needs no explanation of its own once `cause` is known: it is the same fault, perhaps seen from another side;
 * or it was inferred, or is only possible. A likely fault that no finding says this one explains is independent, and listed
 * separately.
 */
function explains(cause: Finding, effect: Finding): boolean {
  if (says(effect)(cause) || says(cause)(effect) || cause.cause === effect.cause) return true;
  if (effect.inferred === true) return true;
  return (
    effect.confidence === "possible" &&
    cause.confidence !== "possible" &&
    stageIndex(effect) >= stageIndex(cause)
  );
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
