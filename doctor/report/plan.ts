import { type Command, kubectl } from "../../token/command/command.ts";
import { sentence } from "../../token/command/sentence.ts";
import { shown } from "../../token/text/printable.ts";
import type { RootCause } from "../check/diagnose.ts";
import { deriveFacts } from "../derive/derive.ts";
import type { EksTarget } from "../derive/target/target-cluster.ts";
import { type DoctorEvidence, knownValue } from "../evidence/evidence.ts";
import type { Action, Fix } from "../fixes/fix.ts";
import type { Change } from "../fixes/plan/change.ts";
import { changesOf } from "../fixes/plan/changes-of-fix.ts";
import { stateOf } from "../fixes/plan/cluster-state.ts";
import { type Conflict, mergeChanges } from "../fixes/plan/merge-changes.ts";
import { type Step, stepsOf } from "../fixes/plan/steps-of.ts";
import {
  asMeant,
  commandFor,
  commandsOf,
  type Reader,
  renderFix,
  runAsMeant,
  sentenceFor,
} from "../fixes/render-fix.ts";
import { Pen, type PenOptions } from "./pen.ts";
import type { DoctorReport } from "./report-schema.ts";
import { printable } from "./short-arns.ts";
import { audienceWords } from "./words.ts";

/** A case that was judged: its evidence, and what is broken. */
interface JudgedCase {
  readonly evidence: DoctorEvidence;
  readonly rootCauses: readonly RootCause[];
  readonly report: Pick<DoctorReport, "healthy">;
}

/** What fixes all cases of one cluster. Cases are named by their index. */
export interface Plan {
  readonly target: EksTarget;
  readonly steps: readonly Step[];
  readonly conflicts: readonly Conflict[];
  /** What users do themselves. */
  readonly left: readonly { readonly index: number; readonly fix: Fix }[];
  /** Cases of which a cause is not known, or not sure enough to fix. */
  readonly unplanned: readonly number[];
}

/**
 * Merges the best fix of every cause of every case of a cluster into one plan. What was read last with an admin's permissions
 * counts as the state of the cluster, otherwise what the cases have. Pure.
 */
export function planFor(cases: readonly JudgedCase[], read: readonly DoctorEvidence[] = []): Plan {
  const latestFirst = cases.map(({ evidence }) => evidence).toSorted((a, b) => gatheredAt(b) - gatheredAt(a));
  const bundles = [...read, ...latestFirst];
  const target = targetOf(bundles);
  const chosen = cases.map(({ rootCauses }) => rootCauses.map(bestFixes));
  const changes = cases.map(({ evidence }, index): readonly Change[] =>
    (chosen[index] ?? [])
      .flat()
      .filter(({ audience }) => audience !== "you")
      .flatMap((fix) => changesOf(fix, { evidence, target })),
  );
  const state = stateOf(bundles);
  const { changes: merged, conflicts } = mergeChanges(changes, state);
  return {
    target,
    steps: stepsOf(merged, state),
    conflicts,
    left: chosen.flatMap((fixes, index) =>
      fixes.flat().flatMap((fix) => (fix.audience === "you" ? [{ index, fix }] : [])),
    ),
    unplanned: cases.flatMap(({ report }, index) => {
      const fixes = chosen[index] ?? [];
      return report.healthy || (fixes.length > 0 && fixes.every((own) => own.length > 0)) ? [] : [index];
    }),
  };
}

/** In milliseconds; 0 if not known. */
function gatheredAt({ gatheredAt: time = "" }: DoctorEvidence): number {
  return Date.parse(time) || 0;
}

/** The first bundle that has EKS's own description of the cluster names it best. */
function targetOf(bundles: readonly DoctorEvidence[]): EksTarget {
  const best = bundles.find(({ cluster }) => knownValue(cluster) !== undefined) ?? bundles[0];
  return deriveFacts(best ?? { apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence" }).target;
}

/**
 * The best fix of a cause, with the steps that complete it: if possible one without eksctl, whose edits cannot be merged. A
 * cause that is only possible is not fixed.
 */
function bestFixes({ confidence, fixes }: RootCause): readonly Fix[] {
  if (confidence === "possible") return [];
  // A sentence for an administrator alone is a warning before what follows; one for the user is what they do.
  const says = fixes.map(({ audience, actions }) => audience === "you" || actions !== undefined);
  const start = says.indexOf(true);
  const other = fixes.findIndex(({ actions = [] }) => actions.length > 0 && !actions.some(isByEksctl));
  const first = fixes[start]?.actions?.some(isByEksctl) === true && other >= 0 ? other : start;
  if (first < 0) return fixes.slice(0, 1);
  const rest = fixes.slice(first + 1);
  const end = rest.findIndex(({ completes }) => completes !== true);
  return fixes.slice(first, first + 1 + (end < 0 ? rest.length : end));
}

function isByEksctl(action: Action): boolean {
  return action.kind === "run" && action.program === "eksctl";
}

/** A plan as it is printed. Cases are named by their index. */
type RenderedPlan = ReturnType<typeof renderPlan>;

/** Changes of who a caller is to Kubernetes. See `withNewToken`. */
const KEPT_IN_TOKENS: ReadonlySet<Change["kind"]> = new Set([
  "set-groups",
  "delete-access-entry",
  "edit-aws-auth",
]);

/** Renders a plan for the user who pastes its commands. */
export function renderPlan({ target, steps, conflicts, left, unplanned }: Plan, reader: Reader) {
  return {
    cluster: target.cluster,
    region: target.region,
    steps: steps.map((step, index) => renderStep(step, index + 1, reader)),
    conflicts,
    unplanned,
    left: left.map(({ index, fix }) => ({ index, description: sentenceFor(fix.description, reader) })),
    // What users do once the plan is carried out.
    afterward: steps.some(({ change }) => KEPT_IN_TOKENS.has(change.kind))
      ? sentenceFor(
          sentence`Users whose requests were denied must run ${kubectl("vouch cache clear")} if they use kubectl-vouch: a token keeps its groups for a few minutes.`,
          reader,
        )
      : undefined,
  };
}

function renderStep(step: Step, number: number, reader: Reader) {
  const { cases, audience, description, actions, before, after, checks, undo, isComplete } = step;
  const lines = (commands: readonly Command[]) =>
    commands.flatMap((command) => {
      const rendered = commandFor(command, reader);
      return "line" in rendered ? [rendered.line] : [];
    });
  return {
    ...{ number, cases },
    ...renderFix({ audience, description, actions }, reader),
    ...{ before, after, isComplete },
    // To be run before it, and what they must show.
    checks: checks.flatMap(({ run, expected }) => lines([run]).map((command) => ({ command, expected }))),
    undo: lines(undo),
  };
}

/** The checks, commands and files of a step, for a program that runs them. */
export function meantCommands({ actions, checks }: Step, reader: Reader) {
  return {
    checks: checks.map((check) => ({ ...check, run: runAsMeant(check.run, reader) })),
    commands: actions.flatMap((action) =>
      action.kind === "document" ? [] : commandsOf(action).map((command) => asMeant(command, reader)),
    ),
    text: actions.flatMap((action) => (action.kind === "document" ? [action.text] : [])).join("---\n"),
  };
}

/** A plan in plain text: numbered steps with their checks, commands and undo, then what it does not decide. */
export function planText(raw: RenderedPlan, names: readonly string[], options: PenOptions): string {
  const plan = printable(raw, options);
  const pen = new Pen(options);
  const named = (cases: readonly number[]) => cases.map((index) => shown(names[index] ?? "")).join(", ");
  const { steps, conflicts, left, unplanned } = plan;
  const where =
    plan.cluster === "CLUSTER" ? "an unknown cluster" : `cluster ${plan.cluster} (${plan.region})`;
  if (steps.length + conflicts.length + left.length === 0) {
    const why = unplanned.length === 0 ? "nothing to change" : "no cause is certain enough to fix";
    pen.paragraph(`${pen.ink.green("Plan")} `, `for ${where}: ${why}.`);
    return pen.text;
  }
  const count = steps.length === 1 ? "1 step" : `${steps.length} steps`;
  pen.paragraph(`${pen.ink.green("Plan")} `, `for ${where}: ${count}.`);
  for (const step of steps) {
    pen.line("");
    const who = `${audienceWords(step.audience)}; for ${named(step.cases)}`;
    pen.paragraph(`  ${step.number}. `, `${step.description} [${who}]`);
    writeStep(pen, step);
  }
  for (const { cases, why } of conflicts) {
    pen.line("");
    const both = cases.length === 1 ? "it" : "them";
    pen.paragraph(
      `${pen.ink.yellow(pen.sign.odd)} `,
      `Conflict (${named(cases)}): ${why}. The plan skips ${both}: decide what is intended, and fix ${both} separately.`,
    );
  }
  if (left.length > 0) pen.line("");
  for (const { index, description } of left)
    pen.paragraph(`${pen.sign.dot} `, `The user of ${named([index])}: ${description}`);
  if (unplanned.length > 0) {
    pen.line("");
    pen.paragraph(
      `${pen.ink.yellow(pen.sign.odd)} `,
      `Not in the plan, because no cause is known or certain enough: ${named(unplanned)}.`,
    );
  }
  if (plan.afterward !== undefined) {
    pen.line("");
    pen.paragraph("  ", plan.afterward);
  }
  return pen.text;
}

/** Commands are never wrapped, so that they can be pasted. */
function writeStep(pen: Pen, step: RenderedPlan["steps"][number]): void {
  const { before, after, checks, commands, text, unprintable, undo } = step;
  if (before !== undefined && after !== undefined && !`${before}${after}`.includes("\n"))
    pen.paragraph("     Now: ", `${before}; then: ${after}`, 10);
  for (const { command, expected } of checks) {
    if (expected === undefined) pen.line("     First see what the next command replaces:");
    else pen.paragraph("     First check that this still returns: ", expected, 10);
    pen.line(`     ${command}`);
  }
  if (checks.length > 0) pen.line("     Then:");
  for (const command of commands) pen.line(`     ${command}`);
  if (text !== undefined) for (const line of text.trimEnd().split("\n")) pen.line(`     ${line}`);
  for (const reason of unprintable) pen.paragraph("     No command is printed: ", `${reason}.`, 10);
  for (const command of undo) pen.line(`     Undo: ${command}`);
}
