import type { Facts } from "../facts.ts";
import { type CredentialError, refusalIn } from "../failure/error-sources.ts";
import { type Principal, principalOfArn } from "./principal.ts";

/** STS's sentence for an AssumeRole that is not allowed, taken apart. */
export interface AssumeRoleRefusal {
  readonly refusal: CredentialError;
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
export function assumeRoleRefusal(
  facts: Pick<Facts, "evidence" | "symptom" | "errorSources" | "pluginRun">,
): AssumeRoleRefusal | undefined {
  const refusal = refusalIn(facts, NOT_AUTHORIZED);
  const [, user = "", resource = "", explicitDeny] = refusal?.quote.match ?? [];
  const roleArn = resource.replace(/\.$/, "");
  const [caller, role] = [principalOfArn(user), principalOfArn(roleArn)];
  return refusal === undefined || caller === undefined || role === undefined
    ? undefined
    : { refusal, caller, role, roleArn, explicitDeny };
}
