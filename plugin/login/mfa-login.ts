import { openPlan } from "../../token/aws/sources/open-source.ts";
import { type CredentialsPlan, demandsCode, planSteps } from "../../token/aws/sources/plan-kinds.ts";
import type { ProfileRecord } from "../../token/aws/sources/profile-record.ts";
import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";
import { planAccess } from "../aws/ask-aws.ts";
import { askLine } from "../terminal/ask.ts";
import { type Desk, isCacheOn } from "../workplace/workplace.ts";

/** A profile with roles that demand a code, and how long their kept credentials must live for no code to be asked for. */
interface CodeLogin {
  readonly profile: string;
  /** A plan in which a role demands a code. */
  readonly plan: CredentialsPlan;
  readonly record: ProfileRecord;
  /** In milliseconds; infinite: a code is asked for in any case. */
  readonly neededMs: number;
}

/** The result. */
export interface CodeLoginResult {
  readonly wasAsked: boolean;
  /** When the first of the credentials that need a code end, in milliseconds since 1970. */
  readonly expires: number;
}

/**
 * Asks for the codes, unless the kept credentials are good enough, and keeps the credentials of all roles, including those
 * assumed after them, so that a role that cannot be assumed fails now.
 */
export async function codeLogin(
  desk: Desk,
  { profile, plan, record, neededMs }: CodeLogin,
): Promise<CodeLoginResult> {
  if (!isCacheOn(desk.workplace))
    throw new VouchError(
      "mfa-code-needed",
      `AWS profile ${profile} requires an MFA code for each call, since its credentials cannot be cached: cache is off.`,
      { hint: withCommands`To cache them: ${ours("config set", {}, "cache", "on")}` },
    );
  let wasAsked = false;
  const mfaCode = (serial: string) => {
    wasAsked = true;
    return askMfaCode(desk.app, serial, profile);
  };
  const access = planAccess(desk, { profile, record, keep: true, mfaCode });
  const ask = async (role: CredentialsPlan, minRemainingMs: number) => {
    const opened = await openPlan({ plan: role, witnesses: undefined }, access, role === plan);
    return (await opened.credentials({ fresh: false, minRemainingMs })).expires ?? Number.POSITIVE_INFINITY;
  };
  const ends: number[] = [];
  for (const role of planSteps(plan).filter(demandsCode).toReversed()) ends.push(await ask(role, neededMs));
  if (wasAsked && !demandsCode(plan)) await ask(plan, Number.POSITIVE_INFINITY);
  return { wasAsked, expires: Math.min(...ends) };
}

/**
 * Asks for the code of an MFA device. It is echoed, as it works only once. Throws `mfa-code-needed` without a terminal.
 */
export async function askMfaCode(app: App, serial: string, profile: string): Promise<string> {
  const code = await askLine(app, `MFA code of ${serial}: `);
  if (code !== undefined) return code;
  throw new VouchError("mfa-code-needed", `Cannot prompt for the MFA code of ${serial} without a terminal.`, {
    hint: withCommands`In a terminal, run ${ours("login", { profile })}`,
  });
}
