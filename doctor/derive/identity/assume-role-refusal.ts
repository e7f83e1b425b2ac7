import { type Principal, principalOfArn } from "../../eks/principal/principal.ts";
import type { CredentialError, CredentialErrors } from "../failure/error-sources.ts";

/** STS's message for an AssumeRole that is not allowed, parsed. */
export interface AssumeRoleRefusal {
  readonly error: CredentialError;
  readonly caller: Principal;
  readonly role: Principal;
  /** ARN of the role, as in the message. */
  readonly roleArn: string;
}

/** Source: doctor/AWS-CREDENTIALS.md, "Words of AWS". */
const NOT_AUTHORIZED =
  /User: (arn:\S+) is not authorized to perform: sts:AssumeRole on resource: (arn:[\w+=,.@:/-]+)/;

/** Finds the message in the output of the plugin or the call. */
export function assumeRoleRefusal(errors: CredentialErrors): AssumeRoleRefusal | undefined {
  const error = errors.match(NOT_AUTHORIZED);
  const [, user = "", resource = ""] = error?.quote.match ?? [];
  const roleArn = resource.replace(/\.$/, "");
  const [caller, role] = [principalOfArn(user), principalOfArn(roleArn)];
  return error === undefined || caller === undefined || role === undefined
    ? undefined
    : { error, caller, role, roleArn };
}
