import { CATALOGUE, RULES } from "../../doctor/causes/index.ts";
import type { Candidate } from "./known-things.ts";

/** The names that `explain` accepts: codes of rules, and every row of the catalogue. */
export function explainableNames(): Candidate[] {
  return [...ruleCodes(), ...rows()];
}

/** The names that `doctor --only` accepts: codes of rules, and the rows that some rule can name. */
export function selectableNames(): Candidate[] {
  const named: ReadonlySet<string> = new Set(RULES.flatMap(({ causes }) => causes));
  return [...ruleCodes(), ...rows().filter(({ value }) => named.has(value))];
}

function ruleCodes(): Candidate[] {
  return RULES.map(({ code, expects }) => ({ value: code, describe: expects }));
}

function rows(): Candidate[] {
  return CATALOGUE.flatMap((section) => section.causes).map(({ id, what }) => ({
    value: id,
    describe: what,
  }));
}
