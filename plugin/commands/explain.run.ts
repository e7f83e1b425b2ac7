import { findCause } from "../../doctor/causes/index.ts";
import type { Rule } from "../../doctor/doctor.ts";
import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";
import { nearestName, rulesNamed } from "../doctor/chosen-rules.ts";
import { printObject } from "../terminal/output.ts";
import type { OutputChoice } from "../terminal/output-choice.ts";

/** One row of the catalogue, and the rules that can name it. */
interface Page {
  readonly row: string;
  readonly cause: string;
  readonly seen: string;
  readonly rules: readonly { readonly code: string; readonly expects: string }[];
}

/** Prints the page of a row, or those of all rows that a rule can name. */
export function runExplain(
  { code, output }: { readonly code: string; readonly output: OutputChoice },
  app: App,
): void {
  const pages = rowsMeant(code).flatMap(pageOf);
  if (pages.length === 0) throw unknownName(code);
  if (output === "text") app.io.out(pages.map(asText).join("\n"));
  else printObject(app, output, "DoctorExplanation", { items: pages });
}

function rowsMeant(name: string): readonly string[] {
  const cause = findCause(name);
  return cause === undefined ? rulesNamed(name).flatMap(({ causes }) => causes) : [cause.id];
}

function pageOf(id: string): Page[] {
  const cause = findCause(id);
  if (cause === undefined) return [];
  const { what, seen } = cause;
  const rules = rulesNamed(id).map(({ code, expects }: Rule) => ({ code, expects }));
  return [{ row: id, cause: what, seen, rules }];
}

function asText({ row, cause, seen, rules }: Page): string {
  return [
    `${row}  ${cause}`,
    `  Symptoms:       ${seen}`,
    ...rules.map(({ code, expects }) => `  Rule:           ${code} (${expects})`),
    `  Check for it:   kubectl vouch doctor --only ${row}`,
    "",
  ].join("\n");
}

function unknownName(name: string): VouchError {
  const nearest = nearestName(name);
  return new VouchError("usage", `${name} is neither a rule nor a cause.`, {
    hint: withCommands`${nearest === undefined ? "" : `Did you mean ${nearest}? `}${ours("doctor --list")} lists all of them.`,
  });
}
