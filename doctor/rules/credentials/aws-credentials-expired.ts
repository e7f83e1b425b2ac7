import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { refusalIn } from "../../derive/failure/error-sources.ts";
import { profileInForce } from "../../derive/identity/aws-environment.ts";
import { cloud9Variables } from "../../derive/identity/cloud9.ts";
import { aws } from "../../fixes/aws.ts";
import { renewal } from "../../fixes/credential-renewal.ts";

/**
 * STS's words for session keys that are over. Not those for a web identity token ("Token expired: current date/time …")
 * and not those for a clock ("Signature expired").
 */
const KEYS_EXPIRED =
  /security token included in the request is expired|\(ExpiredToken\) when calling the (?!AssumeRoleWithWebIdentity)|\bExpiredToken:(?! Token expired)/i;

export const awsCredentialsExpired = defineLegacyRule({
  code: "aws-credentials-expired",
  stage: "credentials",
  causes: ["L5"],
  expects: "the AWS session keys that the plugin signs with have not expired",
  needs: ["errorSources"],
  judge(facts) {
    const refusal = refusalIn(facts, KEYS_EXPIRED);
    if (refusal === undefined || cloud9Variables(facts).length > 0) return [];
    const { quote, said, ...sureness } = refusal;
    const { credentials, token, exec } = facts;
    const profile = profileInForce(credentials);
    const from =
      credentials === undefined
        ? ""
        : ` (${profile === undefined ? credentials.kind : `profile ${profile}`})`;
    const minted = quote.by === "caller-identity" && facts.pluginRun?.exitCode === 0;
    return [
      {
        cause: "L5",
        stage: "credentials",
        ...sureness,
        summary: `The AWS session keys that ${exec?.program ?? "the plugin"} uses${from} have expired.`,
        evidence: [
          said,
          ...(minted ? ["The plugin still gave a token: making one asks nobody."] : []),
          ...(token?.accessKeyId === undefined ? [] : [`The token is signed with key ${token.accessKeyId}.`]),
        ],
        falsifiedBy: sentence`${aws("sts get-caller-identity")}, with exactly the exec block's environment, gives an identity.`,
        fixes: [renewal(facts)],
      },
    ];
  },
});
