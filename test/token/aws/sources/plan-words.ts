import type {
  AssumeRolePlan,
  CredentialsPlan,
  WebIdentityPlan,
} from "../../../../token/aws/sources/plan-kinds.ts";
import { SESSION_NAME } from "../../../../token/aws/sources/profile-plan.ts";

/**
 * Whose credentials a plan leads to, in words that every judge can say: `ra[name=n] by C` is role `ra` for session `n`, by keys
 * whose id is `C`. A session name that the profile does not say is left out: each tool has its own.
 */
export function planWords(plan: CredentialsPlan): string {
  switch (plan.kind) {
    case "keys":
      return plan.accessKeyId;
    case "sso":
      return `sso ${plan.account}/${plan.role} ${plan.session ?? plan.startUrl} ${plan.region}`;
    case "web-identity":
      return `${roleWords(plan)} by token ${plan.tokenFile.split("/").at(-1)}`;
    case "assume-role":
      return `${roleWords(plan)} by ${planWords(plan.source)}`;
    case "login":
      return `login ${plan.session}`;
    default:
      return plan.kind;
  }
}

function roleWords(plan: AssumeRolePlan | WebIdentityPlan): string {
  const assumed = plan.kind === "assume-role" ? plan : undefined;
  const details = [
    [undefined, SESSION_NAME].includes(plan.sessionName) ? undefined : `name=${plan.sessionName}`,
    assumed?.externalId && `external=${assumed.externalId}`,
    assumed?.durationSeconds && `seconds=${assumed.durationSeconds}`,
    assumed?.mfaSerial && `mfa=${assumed.mfaSerial}`,
  ].filter((detail) => detail !== undefined);
  const role = plan.roleArn.split("/").at(-1);
  return details.length === 0 ? `${role}` : `${role}[${details.join(" ")}]`;
}
