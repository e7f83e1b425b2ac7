import { type Run, setVariable } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";

/** What to do about an untrusted AWS certificate: `again` is the command that settles another authority. */
export function authorityHint(again: Run): string {
  return withCommands`If your company has its own CA, set the path of its PEM file: ${setVariable("AWS_CA_BUNDLE", "FILE")}, then ${again}`;
}
