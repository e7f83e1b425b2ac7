import { ours } from "../../../command/command.ts";
import { withCommands } from "../../../command/sentence.ts";
import { VouchError } from "../../../errors/errors.ts";
import type { CredentialsWish } from "../../../mint/mint-source.ts";
import type { PlanAccess } from "../opened-source.ts";
import { placeOfOrigin } from "../plan-errors.ts";
import type { AssumeRolePlan } from "../plan-kinds.ts";

/**
 * The code that a role requires, asked for at the terminal; undefined if it requires none. Throws `mfa-code-needed` if no one may
 * be asked, and `mfa-code-wrong` if the answer is no code.
 */
export async function requireMfaCode(
  plan: AssumeRolePlan,
  { mfaCode, profile }: PlanAccess,
  { fresh }: CredentialsWish,
): Promise<{ readonly serialNumber: string; readonly code: string } | undefined> {
  const serialNumber = plan.mfaSerial;
  if (serialNumber === undefined) return undefined;
  if (fresh || mfaCode === undefined)
    throw new VouchError(
      "mfa-code-needed",
      `Role ${plan.roleArn} (${placeOfOrigin(plan.origin)}) requires an MFA code from device ${serialNumber}.`,
      { hint: withCommands`Enter it in a terminal: ${loginOf(plan, profile)}` },
    );
  const code = (await mfaCode(serialNumber)).trim();
  if (/^\d{6}$/.test(code)) return { serialNumber, code };
  throw new VouchError("mfa-code-wrong", `The MFA code of device ${serialNumber} must be six digits long.`, {
    hint: withCommands`Enter it again: ${loginOf(plan, profile)}`,
  });
}

/** Source: doctor/AWS-CREDENTIALS.md, "Words of AWS" (L9). */
export function isWrongCode({ code, message }: VouchError): boolean {
  return code === "role-denied" && message.includes("MultiFactorAuthentication failed");
}

export function wrongCode(
  plan: AssumeRolePlan,
  { profile }: Pick<PlanAccess, "profile">,
  cause: VouchError,
): VouchError {
  return new VouchError("mfa-code-wrong", cause.message, {
    cause,
    hint: withCommands`An MFA code is valid once; wait for the next one: ${loginOf(plan, profile)}`,
  });
}

/** The login that asks for the code: for the requested profile, else for the one that names the device. */
function loginOf({ origin }: AssumeRolePlan, asked: string | undefined) {
  return ours("login", { profile: asked ?? ("profile" in origin ? origin.profile : "default") });
}
