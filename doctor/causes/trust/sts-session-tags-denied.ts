import type { Facts } from "../../derive/facts.ts";
import { allowsAction, trustPolicy } from "../../derive/identity/trust-policy.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";
import type { Fix } from "../../fixes/fix.ts";
import { trustFix, vouchTrust } from "../../fixes/trust-fix.ts";
import { defineErrorRule } from "../shared/error-rule.ts";
import { refusedRole } from "../shared/role-words.ts";

/** Source: doctor/AWS-CREDENTIALS.md, "Words of AWS". */
const DENIED =
  /(?:User: (arn:\S+) is not authorized to perform:|Not authorized to perform:?) (sts:(?:TagSession|SetSourceIdentity))(?: on resource: (arn:[\w+=,.@:/-]+))?/;

export const stsSessionTagsDenied = defineErrorRule({
  cause: {
    id: "S5",
    what: "The login passes session tags or a source identity that the role's trust policy does not allow.",
    seen: "AccessDenied … sts:TagSession",
    remedy:
      "IAM admin: make the role's trust policy allow session tags (sts:TagSession) and the source identity.",
    page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html",
  },
  expects: "the role's trust policy allows session tags and a source identity",
  pattern: DENIED,
  isRefuted({ quote }, { evidence }) {
    const role = knownValue(evidence.role)?.Role;
    return (role && trustPolicy(role))?.some((each) => allowsAction(each, quote.match[2] ?? "")) === true;
  },
  describe({ quote }, facts) {
    const [, caller, action = "sts:TagSession", resource] = quote.match;
    const roleArn = resource?.replace(/\.$/, "") ?? refusedRole(quote.line, facts);
    return {
      summary: `The trust policy of ${roleArn ?? "the role"} does not allow ${action}, which the login needs.`,
      evidence: [],
      falsifiedBy: `The role's trust policy allows ${action} for this principal, or the login does not pass session tags.`,
      fixes: [allow(facts, roleArn ?? "ROLE_ARN", caller)],
    };
  },
});

function allow({ credentials, vouch, exec }: Facts, roleArn: string, caller: string | undefined): Fix {
  const description =
    "Allow session tags and a source identity in the role's trust policy, in addition to the login itself.";
  if (caller === undefined && isFromVouch(credentials)) {
    const server = vouch?.server ?? exec?.server;
    return trustFix(roleArn, description, vouchTrust(roleArn, { server, identity: vouch?.identity }));
  }
  return trustFix(roleArn, description, {
    Effect: "Allow",
    Principal: caller === undefined ? { Federated: "PROVIDER_ARN" } : { AWS: caller },
    Action: ["sts:SetSourceIdentity", "sts:TagSession"],
  });
}
