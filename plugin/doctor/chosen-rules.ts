import { RULES } from "../../doctor/causes/index.ts";
import type { Rule } from "../../doctor/doctor.ts";
import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { nearestWord } from "../nearest-word.ts";

/** The rules of `--only` without those of `--skip`, both by their names or by the error codes that they report. */
export function chosenRules(only: string | undefined, skip: string | undefined): readonly Rule[] {
  const wanted = namesIn("--only", only);
  const unwanted = namesIn("--skip", skip);
  return RULES.filter((rule) => (wanted.length === 0 || isNamed(rule, wanted)) && !isNamed(rule, unwanted));
}

/** The rule of that name, or all rules that report the error code. */
export function rulesNamed(name: string): readonly Rule[] {
  return RULES.filter((rule) => isNamed(rule, [name]));
}

/** The most similar name of a rule, or error code. */
export function nearestName(name: string): string | undefined {
  // All codes are alike.
  if (/^[a-z]\d+$/i.test(name)) return undefined;
  return nearestWord(
    name,
    RULES.flatMap(({ code, causes }) => [code, ...causes]),
  );
}

function namesIn(option: string, list: string | undefined): string[] {
  if (list === undefined) return [];
  const names = list.split(/[\s,]+/).filter((name) => name !== "");
  const see = withCommands`See ${ours("doctor --list")}.`;
  if (names.length === 0) throw new VouchError("usage", `${option} is empty.`, { hint: see });
  const unknown = names.find((name) => rulesNamed(name).length === 0);
  if (unknown === undefined) return names;
  const nearest = nearestName(unknown);
  throw new VouchError("usage", `${option}: ${unknown} is neither an error code nor a rule.`, {
    hint: `${nearest === undefined ? "" : `Did you mean ${nearest}? `}${see}`,
  });
}

function isNamed({ code, causes }: Rule, names: readonly string[]): boolean {
  return names.some((name) => name.toLowerCase() === code || causes.some((id) => id === name.toUpperCase()));
}
