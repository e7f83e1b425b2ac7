import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { refusalIn } from "../../derive/failure/error-sources.ts";
import { profileInForce } from "../../derive/identity/aws-environment.ts";
import { aws } from "../../fixes/aws.ts";

/**
 * How botocore, Go's and JavaScript's SDKs say that the token of IAM Identity Center is gone or too old.
 *
 * Source: botocore, exceptions.py (UnauthorizedSSOTokenError, SSOTokenLoadError, TokenRetrievalError); aws-sdk-go-v2,
 * credentials/ssocreds.
 */
const SSO_OVER =
  /SSO session associated with this profile (?:has expired|is invalid)|Error loading SSO Token|Error when retrieving token from sso|the SSO session has expired or is invalid|SSOProviderInvalidToken|cached SSO token (?:is expired|file)|pending authorization to retrieve an SSO token has expired/i;

export const awsSsoSessionExpired = defineLegacyRule({
  code: "aws-sso-session-expired",
  stage: "credentials",
  causes: ["L2"],
  expects: "the IAM Identity Center session behind the profile lives",
  needs: ["errorSources"],
  judge(facts) {
    const refusal = refusalIn(facts, SSO_OVER);
    if (refusal === undefined) return [];
    const { quote: _, said, ...sureness } = refusal;
    const { credentials } = facts;
    const sso = credentials?.chain.find(
      ({ settings }) => (settings["sso_session"] ?? settings["sso_start_url"]) !== undefined,
    );
    const profile = sso?.name ?? profileInForce(credentials);
    return [
      {
        cause: "L2",
        stage: "credentials",
        ...sureness,
        summary: `The IAM Identity Center session of profile ${profile ?? "PROFILE"} has ended; the cluster was never asked.`,
        evidence: [said, ...(credentials?.isSure === true ? [`Why this profile: ${credentials.why}.`] : [])],
        falsifiedBy: sentence`${aws("sts get-caller-identity", { profile: profile ?? "PROFILE" })} gives an identity.`,
        fixes: [
          {
            audience: "you",
            description: "Sign in to IAM Identity Center again, in a browser.",
            actions: [aws("sso login", { profile: profile ?? "PROFILE" })],
          },
        ],
      },
    ];
  },
});
