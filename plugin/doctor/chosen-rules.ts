import { RULES } from "../../doctor/causes/index.ts";
import type { Rule } from "../../doctor/doctor.ts";
import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { nearestWord } from "../nearest-word.ts";

/** The rules that `--only` names, without those that `--skip` names: by code, or by a row of the catalogue. */
export function chosenRules(only: string | undefined, skip: string | undefined): readonly Rule[] {
  const wanted = namesIn("--only", only);
  const unwanted = namesIn("--skip", skip);
  return RULES.filter((rule) => (wanted.length === 0 || isNamed(rule, wanted)) && !isNamed(rule, unwanted));
}

/** The rules of that name: the one with that code, or all that name the row. */
export function rulesNamed(name: string): readonly Rule[] {
  return RULES.filter((rule) => isNamed(rule, [name]));
}

/** The most similar name of a rule or row. */
export function nearestName(name: string): string | undefined {
  return nearestWord(
    name,
    RULES.flatMap(({ code, causes }) => [code, ...causes]),
  );
}

function namesIn(option: string, list: string | undefined): string[] {
  if (list === undefined) return [];
  const names = list.split(/[\s,]+/).filter((name) => name !== "");
  if (names.length === 0)
    throw new VouchError("usage", `${option} names no rule.`, {
      hint: withCommands`${ours("doctor --list")} shows all.`,
    });
  const unknown = names.find((name) => rulesNamed(name).length === 0);
  if (unknown === undefined) return names;
  const nearest = nearestName(unknown);
  throw new VouchError(
    "usage",
    `${option} names ${unknown}, which is neither a rule nor a row of the catalogue.`,
    {
      hint: withCommands`${nearest === undefined ? "" : `Did you mean ${nearest}? `}${ours("doctor --list")} shows all.`,
    },
  );
}

function isNamed({ code, causes }: Rule, names: readonly string[]): boolean {
  return names.some((name) => name.toLowerCase() === code || causes.some((id) => id === name.toUpperCase()));
}
