import type { MfaDevice } from "../../model.ts";
import type { Caller } from "../caller.ts";
import { AwsFailure } from "../failure.ts";
import type { ConditionContext } from "../policy/conditions.ts";
import type { QueryForm } from "../query/form.ts";

/**
 * What the service model says about both parameters, for `requireValid`. Source: STS service model, serialNumberType,
 * tokenCodeType.
 */
export function mfaConstraints(form: QueryForm) {
  return {
    serialNumber: { value: form.get("SerialNumber"), min: 9, max: 256, pattern: "[\\w+=/:,.@-]*" },
    tokenCode: { value: form.get("TokenCode"), min: 6, max: 6, pattern: "[\\d]*" },
  };
}

/**
 * What a request with a code tells the policies; empty for one without. A code is good once, and only that of a device of the
 * user who asks.
 *
 * Sentences: y13i/sgviz#9 (one of both is missing), aws/aws-cli#6325 (not the user's device), aws/aws-cli#2279 (the code).
 */
export function mfaContext(form: QueryForm, { principal, session }: Caller): ConditionContext {
  const [serial, code] = [form.get("SerialNumber"), form.get("TokenCode")];
  if (serial === undefined && code === undefined) return new Map();
  if (serial === undefined || code === undefined)
    throw failed(", must provide both MFA serial number and one time pass code.");
  const device =
    session === undefined && "mfaDevices" in principal ? find(principal.mfaDevices, serial) : undefined;
  if (device === undefined)
    throw failed(
      ", unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
    );
  if (!device.codes.includes(code)) throw failed(" with invalid MFA one time pass code. ");
  device.codes = device.codes.filter((one) => one !== code);
  return new Map([["aws:multifactorauthpresent", ["true"]]]);
}

function find(devices: readonly MfaDevice[] | undefined, serial: string): MfaDevice | undefined {
  return devices?.find((one) => one.serial === serial);
}

function failed(how: string): AwsFailure {
  return new AwsFailure("AccessDenied", 403, `MultiFactorAuthentication failed${how}`);
}
