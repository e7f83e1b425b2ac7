import type { Seen } from "../../check/rule.ts";

/** Whether the keys are of a role that a tool assumed; nobody mistypes or switches off those. */
export function isOfAssumedRole(
  seen: Pick<Seen<"token" | "credentials", never>, "token" | "credentials">,
): boolean {
  return seen.credentials?.kind === "assume-role" && seen.token?.temporary === true;
}
