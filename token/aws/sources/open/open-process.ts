import { edit } from "../../../command/command.ts";
import { withCommands } from "../../../command/sentence.ts";
import { debug } from "../../../debug.ts";
import { type Env, envValue } from "../../../env.ts";
import { reasonOf, VouchError } from "../../../errors/errors.ts";
import { maskText } from "../../../masking/mask-text.ts";
import { serverText, serverValue } from "../../../net/server-text.ts";
import { jsonRecord } from "../../../record.ts";
import { localTime } from "../../../text/time.ts";
import type { AwsCredentials } from "../../aws-credentials.ts";
import { digestOf, type OpenPlan, type PlanAccess } from "../opened-source.ts";
import { placeOfOrigin } from "../plan-errors.ts";
import type { ProcessPlan } from "../plan-kinds.ts";
import {
  ADDED_ON_WINDOWS,
  type ApprovedProcess,
  approval,
  processWords,
  requireApproval,
} from "../process-approval.ts";
import { givenCredentials } from "./given-credentials.ts";

/** The most that is read of a process's output, in characters: credentials have some two thousand. */
const MAX_ANSWER = 64 * 1024;

/** How much of the end of its messages is shown, in characters: the reason is there. */
const LAST_WORDS = 200;

/**
 * Credentials from another program. It is run as approved, without a shell, each time that credentials are wanted: it caches them
 * itself, or wants them not to be cached. Throws `credential-process-unapproved` and `credential-process-refused` immediately.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Processes".
 */
export async function openProcess(plan: ProcessPlan, access: PlanAccess): Promise<OpenPlan> {
  const [, ...args] = processWords(plan, access.isWindows);
  const approved = requireApproval(plan, access.approvedProcess, access);
  return {
    digest: digestOf(
      ...["process", approved.configFile, plan.line, approved.program, plan.region],
      ...Object.entries(approved.env).flat(),
    ),
    witnesses: [],
    isAnyones: true,
    credentials: () => ask(plan, [approved.program, ...args], { access, approved }),
  };
}

async function ask(
  plan: ProcessPlan,
  command: readonly string[],
  { access, approved }: { readonly access: PlanAccess; readonly approved: ApprovedProcess },
): Promise<AwsCredentials> {
  const { origin } = plan;
  const failed = (why: string) =>
    new VouchError("credential-process-failed", `${placeOfOrigin(origin)}: credential_process ${why}.`, {
      hint: withCommands`To see why, run its command line in a terminal; you find it with ${edit(origin.file, origin.line)}. kubectl-vouch runs it with the variables recorded when it was approved; to record the current ones: ${approval(access.profile, { anew: true })}`,
    });
  const ended = await access
    .runProcess(command, processEnvironment(access.env, plan, { approved, isWindows: access.isWindows }))
    .catch((error: unknown) => {
      if (error instanceof VouchError) throw error;
      throw failed(`cannot be run: ${lastWords(reasonOf(error))}`);
    });
  if (ended.lateMs !== undefined)
    throw failed(`did not finish within ${ended.lateMs / 1000} s and was stopped`);
  if (ended.status === undefined)
    throw failed(`was stopped before it finished; it printed: ${lastWords(ended.stderr)}`);
  if (ended.status !== 0)
    throw failed(`exited with status ${ended.status}; it printed: ${lastWords(ended.stderr)}`);
  if (ended.stderr !== "") debug(`credential_process printed: ${lastWords(ended.stderr)}`);
  const credentials = readProcessAnswer(ended.stdout, access.clock());
  if ("fault" in credentials) throw failed(credentials.fault);
  return credentials;
}

/** Keys that a process printed, or why they are invalid; `now` is in milliseconds since 1970. */
export function readProcessAnswer(stdout: string, now: number): AwsCredentials | { readonly fault: string } {
  if (stdout.length > MAX_ANSWER) return { fault: `printed more than ${MAX_ANSWER / 1024} KiB` };
  const record = jsonRecord(stdout);
  if (record === undefined) return { fault: "did not print a JSON object" };
  const version = record["Version"];
  if (version !== 1) return { fault: `printed Version ${serverValue(version)}, but it must be the number 1` };
  const given = givenCredentials(record, "SessionToken");
  if ("fault" in given) return { fault: `printed JSON that ${given.fault}` };
  if (given.expires !== undefined && given.expires <= now)
    return { fault: `printed credentials that expired at ${localTime(given.expires)}` };
  return given;
}

/** The end of a program's messages: in one line, printable, and without anything that looks like a secret. */
export function lastWords(text: string): string {
  // As lines, and as the one line that is shown: what names a secret may be on the line before it.
  const masked = maskText(maskText(text.slice(-MAX_ANSWER)).replaceAll(/\s+/g, " ")).trimEnd();
  const end = masked.slice(-LAST_WORDS);
  const isCut = end.length < masked.length;
  return serverText(isCut ? `…${end.slice(Math.max(0, end.search(/\s/)))}` : end) ?? "nothing";
}

/**
 * The variables that may come from the caller, and the form of their values: the language, the time zone, the session on the
 * machine, and its terminal. Words are used in the names of files that say which program is run or how a text is formatted, so
 * they may contain no folder.
 *
 * Source: specifications.freedesktop.org/mime-apps-spec (`$desktop-mimeapps.list`); bminor/glibc, intl/dcigettext.c
 * (`LANGUAGE`), time/tzset.c (`TZ`: a name without a colon, else a file).
 */
const PASSED: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [/^(?:LANG|LANGUAGE|LC_[A-Z]+|TERM|XDG_SESSION_[A-Z]+|XDG_CURRENT_DESKTOP|WAYLAND_DISPLAY)$/, /^[^/\\]+$/],
  [/^TZ$/, /^\w[\w+-]*(?:\/[\w+-]+){0,2}$/],
  [/^GPG_TTY$/, /^\/dev\/(?:tty|pts\/)\w+$/],
];

/**
 * The environment of a `credential_process`. A kubeconfig can set any variable, and a great many make some program or interpreter
 * run other code. So the process gets, by name, those variables that cannot, the region of the question, and the rest as it was
 * when the process was approved. That includes the profile, which is as with the AWS CLI, where `--profile` sets no variable: a
 * helper that asks `aws` for the default profile would call itself endlessly if it saw the variable for the profile that names
 * it. Anyone who needs more writes it into the line: `env NAME=value program`. On
 * Windows, what was not recorded is empty where Node would add our own.
 */
export function processEnvironment(
  env: Env,
  { region }: Pick<ProcessPlan, "region">,
  { approved, isWindows }: { readonly approved: Pick<ApprovedProcess, "env">; readonly isWindows: boolean },
): Readonly<Record<string, string>> {
  const passed = Object.keys(env).flatMap((name) => {
    const value = envValue(env, name);
    return value !== undefined && mayPass(name, value) ? [[name, value]] : [];
  });
  const added = isWindows ? ADDED_ON_WINDOWS.map((name) => [name, ""]) : [];
  const asked = { AWS_REGION: region, AWS_DEFAULT_REGION: region };
  return { ...Object.fromEntries([...passed, ...added]), ...approved.env, ...asked };
}

function mayPass(name: string, value: string): boolean {
  return PASSED.some(([names, values]) => names.test(name) && values.test(value));
}
