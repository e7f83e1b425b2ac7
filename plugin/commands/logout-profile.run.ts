import { placeName } from "../../token/aws/identity-center/session-errors.ts";
import { type SignedOut, signOut } from "../../token/aws/identity-center/sign-out.ts";
import type { SsoPlan } from "../../token/aws/sources/plan-kinds.ts";
import { planOf } from "../../token/aws/sources/source-plan.ts";
import type { App } from "../app.ts";
import { settledProfile } from "../aws/settle-profile.ts";
import { centerAccess } from "../aws/source-access.ts";
import { sharedFilesOf } from "../aws/source-plan.ts";
import { centerPlace } from "../login/center-sessions.ts";
import { profileTarget } from "../login/profile-target.ts";
import { printObject } from "../terminal/output.ts";
import type { OutputChoice } from "../terminal/output-choice.ts";
import { clearProfiles } from "../vouch/clear-cache.ts";
import { roleRegion } from "../vouch/role-choice.ts";
import { endpointsNamedNow, readWorkplace } from "../vouch/workplace.ts";
import { runLogout } from "./logout.run.ts";

export interface ProfileLogoutOptions {
  readonly profile: string;
  readonly output: OutputChoice;
}

/**
 * Ends the session that an AWS profile goes by, and forgets what is cached of AWS profiles. Logging out twice is no error. The
 * files of other tools stay, but for the session's own.
 */
export async function runProfileLogout({ profile, output }: ProfileLogoutOptions, app: App): Promise<void> {
  const files = sharedFilesOf(app);
  const plan = planOf({ profile, region: roleRegion(app) }, files, app.env);
  const { center, vouch } = profileTarget(plan, profile, files);
  if (vouch !== undefined) {
    const { server, account } = vouch;
    return runLogout({ server, account, all: false, output }, app);
  }
  const workplace = readWorkplace(app);
  await clearProfiles(workplace);
  const settled = settledProfile(app, { profile, configFile: files.configPath });
  const access = centerAccess(app, settled?.endpoints ?? endpointsNamedNow(app, workplace));
  const ended = center === undefined ? undefined : await signOut(center, access);
  if (output !== "text") {
    const session =
      center === undefined || ended === undefined
        ? {}
        : { identityCenter: { ...centerPlace(center), ...ended } };
    return printObject(app, output, "ProfileLogout", { profile, ...session });
  }
  if (center !== undefined && ended !== undefined) say(app, center, ended);
  app.io.err("What was cached of AWS profiles is forgotten.\n");
}

function say(app: App, plan: SsoPlan, ended: SignedOut): void {
  const { status } = ended;
  app.io.err(
    `${status === "was-logged-out" ? "Nobody was logged in to" : "Logged out of"} ${placeName(plan)}.\n`,
  );
  if (status === "server-not-told")
    app.io.err(`AWS could not be told: ${ended.problem} It ends the session by itself at its usual time.\n`);
}
