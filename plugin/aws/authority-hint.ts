import { type Run, setVariable } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";

/** What to do where AWS shows a certificate that is not trusted: `again` is what settles another authority. */
export function authorityHint(again: Run): string {
  return withCommands`If your company has its own certificate authority, name its PEM file: ${setVariable("AWS_CA_BUNDLE", "FILE")}, then ${again}`;
}
