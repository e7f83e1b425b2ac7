import { shown } from "../../token/text/printable.ts";
import { Pen, type PenOptions } from "./pen.ts";
import type { RenderedPlan } from "./plan.ts";
import { printable } from "./printable.ts";
import { audienceWords } from "./words.ts";

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
