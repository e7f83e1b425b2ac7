import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { profileInForce, profileWith } from "../../derive/identity/credential-source.ts";
import { forYou } from "../../fixes/fix.ts";
import { signIn } from "../../fixes/profile-choice.ts";
import { defineAwsSessionRule } from "../shared/aws-session-rule.ts";
import { WHO_AM_I } from "../shared/caller-words.ts";
import { suspectedCredentials } from "../shared/suspected.ts";

/**
 * Messages of botocore, Go's and JavaScript's SDKs and ours if the token of IAM Identity Center is missing or expired.
 *
 * Source: botocore, exceptions.py (UnauthorizedSSOTokenError, SSOTokenLoadError, TokenRetrievalError); aws-sdk-go-v2,
 * credentials/ssocreds; token/aws/identity-center/session-errors.ts.
 */
const SSO_OVER =
  /SSO session associated with this profile (?:has expired|is invalid)|Error loading SSO Token|Error when retrieving token from sso|\bToken for \S{1,300} (?:does not exist|is invalid)|refresh cached SSO token failed|the SSO session has expired or is invalid|SSOProviderInvalidToken|cached SSO token (?:is expired|file)|pending authorization to retrieve an SSO token has expired|(?:not logged in to|session at) IAM Identity Center|\[sso-(?:logged-out|session-expired)\]/i;

export const awsSsoSessionExpired = defineAwsSessionRule({
  cause: {
    id: "L2",
    what: "The IAM Identity Center session has expired.",
    seen: "Error loading SSO Token, exit 255",
    remedy: "Log in to IAM Identity Center again, in the browser.",
    page: "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html",
  },
  expects: "the profile's IAM Identity Center session is active",
  kind: "sso",
  pattern: SSO_OVER,
  describe(facts) {
    const { credentials } = facts;
    const sso = profileWith(credentials, "sso_session", "sso_start_url");
    const profile = sso?.name ?? profileInForce(credentials) ?? "PROFILE";
    return {
      summary: `The IAM Identity Center session of profile ${profile} has expired; the cluster was not contacted.`,
      evidence: credentials?.isSure === true ? [`Credential source: ${credentials.why}.`] : [],
      falsifiedBy: sentence`${aws("sts get-caller-identity", { profile })} returns an identity.`,
      fixes: [
        forYou("Sign in to IAM Identity Center again in a browser.", ...signIn(facts, "sso login", profile)),
      ],
    };
  },
  suspected: {
    credentials: suspectedCredentials(["L2", "L5", "L11"], {
      summary: "The AWS profile's sign-in session or its keys have expired.",
      confirmedBy: sentence`${WHO_AM_I}, run with the exec block's profile, reports expired credentials or an expired session.`,
    }),
  },
});
