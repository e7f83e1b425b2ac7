import { ENVIRONMENT_CASES } from "./environment-cases.ts";
import { FILE_CASES } from "./file-cases.ts";
import { ORDER_CASES } from "./order-cases.ts";
import { ROLE_CASES } from "./role-cases.ts";
import type { SourceCase } from "./source-case.ts";

/** What decides between sources, by what it is about. */
export const CASE_GROUPS: Readonly<Record<string, readonly SourceCase[]>> = {
  "the environment and the profile": ENVIRONMENT_CASES,
  "the files": FILE_CASES,
  "the order inside a profile": ORDER_CASES,
  "roles of profiles": ROLE_CASES,
};
