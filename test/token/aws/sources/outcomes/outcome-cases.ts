import { CHAIN_CASES } from "./chain-cases.ts";
import { KEY_CASES } from "./key-cases.ts";
import type { OutcomeCase } from "./outcome-case.ts";
import { PROCESS_CASES } from "./process-cases.ts";
import { SSO_CASES } from "./sso-cases.ts";

/** By number. */
export const OUTCOME_CASES: readonly OutcomeCase[] = [
  ...KEY_CASES,
  ...CHAIN_CASES,
  ...SSO_CASES,
  ...PROCESS_CASES,
];
