import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { refusalIn } from "../../derive/failure/error-sources.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";
import type { Fix } from "../../fixes/fix.ts";
import { trustFix, vouchTrust } from "../../fixes/trust-fix.ts";

/** Source: doctor/AWS-CREDENTIALS.md, "Words of AWS". */
const DENIED =
  /(?:User: (arn:\S+) is not authorized to perform:|Not authorized to perform:?) (sts:(?:TagSession|SetSourceIdentity))(?: on resource: (arn:[\w+=,.@:/-]+))?/;

export const stsSessionTagsDenied = defineLegacyRule({
  code: "sts-session-tags-denied",
  stage: "trust",
  causes: ["S5"],
  expects: "the role lets sessions carry tags and a source identity",
  needs: ["errorSources"],
  judge(facts) {
    const refusal = refusalIn(facts, DENIED);
    if (refusal === undefined) return [];
    const { quote, said, ...sureness } = refusal;
    const [, caller, action = "sts:TagSession", resource] = quote.match;
    const roleArn = resource?.replace(/\.$/, "") ?? refusedRole(facts, quote.line);
    return [
      {
        cause: "S5",
        stage: "trust",
        ...sureness,
        summary: `The trust policy of ${roleArn ?? "the role"} does not allow ${action}, which the login needs.`,
        evidence: [said],
        falsifiedBy: `A trust policy that allows ${action} to the same principal, or a login that passes no session tags.`,
        fixes: [allow(facts, roleArn ?? "ROLE_ARN", caller)],
      },
    ];
  },
});

/** The role that the words are about: in our own message it stands before AWS's sentence. */
function refusedRole({ exec }: Facts, line: string): string | undefined {
  const [arn] = /arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+/.exec(line) ?? [];
  return arn ?? exec?.via[0] ?? exec?.role;
}

function allow({ credentials, vouch, exec }: Facts, roleArn: string, caller: string | undefined): Fix {
  const description = "Let the role's trust policy allow tags and source identity beside the login.";
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
