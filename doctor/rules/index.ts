import type { Rule } from "../check/rule.ts";
import { STAGES } from "../check/stages.ts";
import * as rules from "./all.ts";

/** Every rule, in the order of the chain from kubeconfig to RBAC, then by code; the client's own come last. */
export const RULES: readonly Rule[] = Object.values(rules)
  .toSorted((a, b) => a.code.localeCompare(b.code))
  .toSorted((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage));
