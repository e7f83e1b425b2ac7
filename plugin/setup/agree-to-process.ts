import { isDeepStrictEqual } from "node:util";
import { findProgram, searchIn } from "../../doctor/probes/local/find-program.ts";
import type { CredentialsPlan } from "../../token/aws/sources/plan-kinds.ts";
import {
  type ApprovedProcess,
  approvedFiles,
  approveProcess,
  isApprovalOf,
} from "../../token/aws/sources/process-approval.ts";
import type { Run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";
import { processOf } from "../aws/context-plan.ts";
import { askYes } from "../terminal/ask.ts";

interface Agreement {
  /** What was agreed to before. */
  readonly before: ApprovedProcess | undefined;
  /** `--approve-process` */
  readonly isAgreed: boolean;
  /** This command, with the flag that agrees. */
  readonly again: Run;
}

/**
 * The foreign program that a plan runs for its credentials, once a person has agreed to it; undefined if it runs none. The whole
 * command line is shown and asked about once; nothing else is run later. With the flag, the approval is recorded again, with the
 * current variables. Throws `credential-process-refused` for a program that is never run, and `credential-process-unapproved` if
 * no user can be asked or the answer is no.
 */
export async function agreeToProcess(
  app: App,
  plan: CredentialsPlan,
  { before, isAgreed, again }: Agreement,
): Promise<ApprovedProcess | undefined> {
  const process = processOf(plan);
  if (process === undefined || !("profile" in process.origin)) return undefined;
  const { profile, file, line } = process.origin;
  const isWindows = app.platform === "win32";
  const asked = approveProcess(process, {
    ...{ env: app.env, isWindows },
    lookPath: (command) => findProgram(command, searchIn(app)),
  });
  if (isDeepStrictEqual(before, asked) || (!isAgreed && isApprovalOf(before, asked))) return before;
  const files = approvedFiles(process, asked, isWindows).filter((one) => one !== asked.configFile);
  const covered = isWindows
    ? "On Windows, kubectl-vouch does not check whether others can replace them."
    : "The program is not run if others can replace one of them, but what they load or run in turn is not checked.";
  const what = `AWS profile ${profile} (${file}, line ${line}) gets its credentials from a program that kubectl-vouch runs with your permissions whenever kubectl needs credentials:\n\n  ${asked.line}\n\nIts files and folders are: ${files.join(", ")}. ${covered} `;
  if (isAgreed) {
    app.io.err(`${what}Approved with --approve-process.\n`);
    return asked;
  }
  const answer = await askYes(app, `${what}Allow it?`);
  if (answer === true) return asked;
  throw new VouchError(
    "credential-process-unapproved",
    answer === false
      ? `The credential_process of AWS profile ${profile} was not approved; nothing was written.`
      : `AWS profile ${profile} gets its credentials from a program that has not been approved (${file}, line ${line}), and kubectl-vouch cannot ask without a terminal: ${asked.line}`,
    { hint: withCommands`To allow it: ${again}` },
  );
}
