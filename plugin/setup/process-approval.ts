import type { SourcePlan } from "../../token/aws/sources/plan-kinds.ts";
import type { Run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";
import { askYes } from "../terminal/ask-yes.ts";
import { processOf } from "../vouch/source-plan.ts";

/** A `credential_process` that a person agreed to: the line as it is written, and the absolute path of its file. */
export interface ApprovedProcess {
  readonly line: string;
  readonly configFile: string;
}

interface ApprovalWish {
  /** What was agreed to before. */
  readonly approved: ApprovedProcess | undefined;
  /** `--approve-process` */
  readonly isAgreed: boolean;
  /** This command, with the flag that agrees. */
  readonly again: Run;
}

/**
 * The program of somebody else's that a plan runs for its credentials, once a person agreed to it; undefined where it runs
 * none. It is shown whole and asked about once: nothing but what was agreed to is run later.
 * Throws `process-not-approved` where nobody can be asked, or the answer is no.
 */
export async function approveProcess(
  app: App,
  plan: SourcePlan,
  { approved, isAgreed, again }: ApprovalWish,
): Promise<ApprovedProcess | undefined> {
  const process = processOf(plan);
  if (process === undefined || !("profile" in process.origin)) return undefined;
  const { line, origin } = process;
  const asked = { line, configFile: origin.file };
  if (isSameProcess(approved, asked)) return asked;
  const what = `AWS profile ${origin.profile} (${origin.file}, line ${origin.line}) gets its credentials from this program, which kubectl-vouch runs with your rights whenever kubectl needs them:\n\n  ${line}\n\n`;
  if (isAgreed) {
    app.io.err(`${what}Agreed to with --approve-process.\n`);
    return asked;
  }
  const answer = await askYes(app, `${what}May it?`);
  if (answer === true) return asked;
  throw new VouchError(
    "process-not-approved",
    answer === false
      ? `The credential_process of AWS profile ${origin.profile} was not agreed to; nothing was written.`
      : `AWS profile ${origin.profile} runs a program for its credentials (${origin.file}, line ${origin.line}), there is no terminal to ask whether it may, and nobody agreed to it before: ${line}`,
    { hint: withCommands`If it may: ${again}` },
  );
}

function isSameProcess(one: ApprovedProcess | undefined, other: ApprovedProcess): boolean {
  return one?.line === other.line && one.configFile === other.configFile;
}
