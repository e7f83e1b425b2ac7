import { type Options, ours, type Run, setVariable } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import type { Hints } from "../../token/errors/errors.ts";
import type { AwsQuestion } from "../../token/hot/question.ts";

/** What to do if a context of an AWS profile, or of its caller, fails: a user who runs kubectl does not pass our flags. */
export function sourceHints(question: AwsQuestion): Hints {
  const again = setupOf(question);
  return {
    "aws-untrusted": authorityHint(again),
    "credential-process-unapproved": withCommands`Inspect and approve it: ${again}`,
    "aws-not-configured": withCommands`Set an AWS profile for this shell: ${setVariable("AWS_PROFILE", "NAME")}, or in the context: ${setupOf({ ...question, profile: "NAME" })}`,
  };
}

/** The setup that writes a context for the question. */
function setupOf({ cluster, region, profile, role, via, sessionName }: AwsQuestion): Run {
  const who: Options = profile === undefined ? { ambient: true } : { profile };
  return ours("setup eks", { cluster, region, ...who, role, via, "session-name": sessionName });
}

/** What to do about an untrusted AWS certificate: `again` is the command that settles another authority. */
export function authorityHint(again: Run): string {
  return withCommands`If your company has its own CA, set the path of its PEM file: ${setVariable("AWS_CA_BUNDLE", "FILE")}, then ${again}`;
}
