import type { CredentialError, CredentialErrors } from "../failure/error-sources.ts";
import { type Principal, principalOfArn } from "./principal.ts";

/** STS's sentence for an AssumeRole that is not allowed, taken apart. */
export interface AssumeRoleRefusal {
  readonly error: CredentialError;
  readonly caller: Principal;
  readonly role: Principal;
  /** ARN of the role, as the sentence has it. */
  readonly roleArn: string;
  /** `service control policy`, `permissions boundary`, …: the kind of policy that denies explicitly. */
  readonly explicitDeny: string | undefined;
}

/** Source: doctor/AWS-CREDENTIALS.md, "Words of AWS". */
const NOT_AUTHORIZED =
  /User: (arn:\S+) is not authorized to perform: sts:AssumeRole on resource: (arn:[\w+=,.@:/-]+)(?: with an explicit deny in (?:an? )?([a-z -]+? policy|[a-z -]+? boundary))?/;

/** Reads it out of what the plugin or the call said. */
export function assumeRoleRefusal(errors: CredentialErrors): AssumeRoleRefusal | undefined {
  const error = errors.match(NOT_AUTHORIZED);
  const [, user = "", resource = "", explicitDeny] = error?.quote.match ?? [];
  const roleArn = resource.replace(/\.$/, "");
  const [caller, role] = [principalOfArn(user), principalOfArn(roleArn)];
  return error === undefined || caller === undefined || role === undefined
    ? undefined
    : { error, caller, role, roleArn, explicitDeny };
}
