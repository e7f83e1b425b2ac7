import { placeName } from "../../../token/aws/identity-center/session-errors.ts";
import { type SignedOut, signOut } from "../../../token/aws/identity-center/sign-out.ts";
import type { SsoPlan } from "../../../token/aws/sources/plan-kinds.ts";
import { readAwsFiles } from "../../../token/aws/sources/read-plan.ts";
import { planOf } from "../../../token/aws/sources/source-plan.ts";
import { run } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { systemError } from "../../../token/files/file-errors.ts";
import type { App } from "../../app.ts";
import { centerAccess } from "../../aws/ask-aws.ts";
import { settledProfile } from "../../aws/profile-settings.ts";
import type { BodyOf } from "../../kinds/kinds.ts";
import { centerPlace } from "../../login/aws-sessions.ts";
import { firstOf, namedBy, whyNoLogin } from "../../login/profile-target.ts";
import { printObject } from "../../terminal/output.ts";
import type { OutputChoice } from "../../terminal/output-choice.ts";
import { roleRegion } from "../../vouch/role-choice.ts";
import { clearProfiles } from "../../workplace/cache.ts";
import { Desk, endpointsNamedNow, type LocalState } from "../../workplace/workplace.ts";
import { runLogout } from "./logout.run.ts";

interface ProfileLogoutOptions {
  readonly profile: string;
  readonly output: OutputChoice;
}

/**
 * Ends the session that an AWS profile uses, and forgets what is cached for AWS profiles, even if it uses none. Logging out twice
 * is no error. The files of other tools stay, except the session's own.
 */
export async function runProfileLogout({ profile, output }: ProfileLogoutOptions, app: App): Promise<void> {
  const desk = new Desk(app);
  const { files } = readAwsFiles(desk.aws);
  const source = firstOf(planOf({ profile, region: roleRegion(desk) }, files, app.env));
  if (source.kind === "process" && source.vouch !== undefined) {
    const { server, account } = source.vouch;
    return runLogout({ server, account, all: false, output }, desk);
  }
  const { workplace } = desk;
  const settled = settledProfile(app, { profile, configFile: files.configPath });
  const access = centerAccess(app, settled?.endpoints ?? endpointsNamedNow(desk));
  if (source.kind !== "sso") {
    return finish(app, output, {
      lines: [noSessionLine(source, profile)],
      body: { profile },
      problem: await whyNotForgotten(workplace),
    });
  }
  // AWS first: the session ends there even if not everything can be removed here.
  const { left, ...ended } = await signOut(source, access);
  const problem = (await whyNotForgotten(workplace)) ?? left;
  finish(app, output, {
    lines: endedLines(source, ended),
    body: { profile, identityCenter: { ...centerPlace(source), ...ended } },
    problem: problem === undefined || ended.status !== "logged-out" ? problem : leftHere(problem, source),
  });
}

interface Outcome {
  readonly lines: readonly string[];
  readonly body: BodyOf<"ProfileLogout">;
  /** Why something could not be removed here. */
  readonly problem: VouchError | undefined;
}

function finish(app: App, output: OutputChoice, { lines, body, problem }: Outcome): void {
  const told = problem === undefined ? [...lines, FORGOTTEN] : lines;
  if (output === "text") app.io.err(told.map((line) => `${line}\n`).join(""));
  else printObject(app, output, "ProfileLogout", body);
  if (problem !== undefined) throw problem;
}

const FORGOTTEN = "Cleared the cache for AWS profiles.";

/** Forgets what is cached for AWS profiles. Returns why, if not all of it could be. */
async function whyNotForgotten(workplace: LocalState): Promise<VouchError | undefined> {
  try {
    await clearProfiles(workplace);
    return undefined;
  } catch (error) {
    const problem = error instanceof VouchError ? error : systemError(error);
    if (problem === undefined || problem.code === "interrupted") throw error;
    return problem;
  }
}

/** The files that stay are of an ended session; role credentials in them remain valid until they expire. */
function leftHere(problem: VouchError, plan: SsoPlan): VouchError {
  return new VouchError(
    problem.code,
    `The session at ${placeName(plan)} has ended, but this machine still stores parts of it: ${problem.message}`,
    { cause: problem, hint: problem.hint },
  );
}

function endedLines(plan: SsoPlan, ended: SignedOut): string[] {
  const what = ended.status === "was-logged-out" ? "You were not logged in to" : "Logged out of";
  const untold =
    ended.status === "server-not-told"
      ? [`Cannot notify AWS: ${ended.problem} There, the session ends at its usual time.`]
      : [];
  return [`${what} ${placeName(plan)}.`, ...untold];
}

function noSessionLine(source: Exclude<ReturnType<typeof firstOf>, SsoPlan>, profile: string): string {
  return source.kind === "login"
    ? withCommands`AWS profile ${profile} uses a session that only the AWS CLI can end: ${run("aws", "logout", { profile: namedBy(source, profile) })}`
    : `AWS profile ${profile} does not use a login session: ${whyNoLogin(source)}.`;
}
