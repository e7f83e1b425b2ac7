import { openSource } from "../../token/aws/sources/open-source.ts";
import type { SourcePlan } from "../../token/aws/sources/plan-kinds.ts";
import type { ProfileRecord } from "../../token/aws/sources/profile-record.ts";
import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";
import { sourceAccess } from "../aws/source-access.ts";
import { isCacheOn, type LocalState } from "../vouch/workplace.ts";
import { askMfaCode } from "./mfa-code.ts";

/** Credentials of a role that demands a code, and how long they must live for nobody to be asked. */
export interface CodeLogin {
  readonly profile: string;
  /** A role on its way demands a code. */
  readonly plan: SourcePlan;
  readonly record: ProfileRecord;
  /** In milliseconds; infinite: somebody is asked in any case. */
  readonly neededMs: number;
}

/** What came of it. */
export interface CodeLoginResult {
  readonly wasAsked: boolean;
  /** When the role's credentials end, in milliseconds since 1970. */
  readonly expires: number | undefined;
}

/** Asks for the code, unless credentials that are kept do, and keeps the role's credentials. */
export async function codeLogin(
  app: App,
  workplace: LocalState,
  { profile, plan, record, neededMs }: CodeLogin,
): Promise<CodeLoginResult> {
  if (!isCacheOn(workplace))
    throw new VouchError(
      "mfa-code-needed",
      `AWS profile ${profile} demands a code for each call: its credentials cannot be kept, since cache is off.`,
      { hint: withCommands`Let them be kept: ${ours("config set", {}, "cache", "on")}` },
    );
  let wasAsked = false;
  const mfaCode = (serial: string) => {
    wasAsked = true;
    return askMfaCode(app, serial, profile);
  };
  const opened = await openSource(
    { plan, witnesses: undefined },
    sourceAccess(app, workplace, { profile, record, keep: true, mfaCode }),
  );
  const { expires } = await opened.credentials({ fresh: false, minRemainingMs: neededMs });
  return { wasAsked, expires };
}
