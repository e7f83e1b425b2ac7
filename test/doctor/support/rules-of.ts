import type { Rule } from "../../../doctor/check/rule.ts";
import { RULES } from "../../../doctor/rules/index.ts";

/** The rules that name a cause whose catalogue id matches: `/^[KT]/`. */
export function rulesOf(causeIds: RegExp): readonly Rule[] {
  return RULES.filter(({ causes }) => causes.some((cause) => causeIds.test(cause)));
}
