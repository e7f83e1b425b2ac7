import type { Facts } from "../../derive/facts.ts";

/** Whether the keys are of a role that a tool assumed; such keys cannot be mistyped or deactivated. */
export function isOfAssumedRole(facts: Facts): boolean {
  return facts.credentials?.kind === "assume-role" && facts.token?.temporary === true;
}
