import { closed, type Fields, flag, text } from "../../token/schema.ts";

/** What commands print for programs, besides `apiVersion` and `kind`. */
export function kind<F extends Fields>(printedBy: readonly string[], description: string, fields: F) {
  return { printedBy, body: closed(description, fields) };
}

export const SERVER = text("Address of the Vouch server.");
export const EMAIL = text("E-mail address of the account.");
export const AGENT_ROLE = text("ARN of the role that AI agents get in place of the user's, if there is one.");
export const PROTECTED = flag(
  "True if kubectl does not get a token for a change until the user confirms it.",
);
