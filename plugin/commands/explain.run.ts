import { findCause, pagesOf } from "../../doctor/causes/index.ts";
import type { Rule } from "../../doctor/doctor.ts";
import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";
import type { BodyOf } from "../kinds/kinds.ts";
import { printObject } from "../terminal/output.ts";
import type { OutputChoice } from "../terminal/output-choice.ts";
import { nearestName, rulesNamed } from "./doctor/flags.ts";

/** An error code of the catalogue, and the rules that can report it. */
type Page = BodyOf<"DoctorExplanation">["items"][number];

/** Prints the page of an error code, or those of all codes that a rule can report. */
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
  const { what, seen, remedy } = cause;
  const rules = rulesNamed(id).map(({ code, expects }: Rule) => ({ code, expects }));
  return [{ row: id, cause: what, seen, remedy, rules, pages: pagesOf(id) }];
}

function asText({ row, cause, seen, remedy, rules, pages }: Page): string {
  return [
    `${row}  ${cause}`,
    `  Symptoms:       ${seen}`,
    `  What to do:     ${remedy}`,
    ...rules.map(({ code, expects }) => `  Rule:           ${code} (${expects})`),
    `  Check for it:   kubectl vouch doctor --only ${row}`,
    ...pages.map((page) => `  Read more:      ${page}`),
    "",
  ].join("\n");
}

function unknownName(name: string): VouchError {
  const nearest = nearestName(name);
  const list = withCommands`See ${ours("doctor --list")}.`;
  const words = "To explain an error, paste all of it into `kubectl vouch doctor --evidence -`. ";
  const isCode = /^[a-z]\d+$/i.test(name) || name.includes("-");
  return new VouchError("usage", `${JSON.stringify(name)} is neither an error code nor a rule.`, {
    hint: `${nearest === undefined ? (isCode ? "" : words) : `Did you mean ${nearest}? `}${list}`,
  });
}
