import type { Facts } from "../../derive/facts.ts";

/** Whether the keys are of a role that a tool assumed; nobody mistypes or switches off those. */
export function isOfAssumedRole(facts: Facts): boolean {
  return facts.credentials?.kind === "assume-role" && facts.token?.temporary === true;
}
