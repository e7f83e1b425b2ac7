import type { Rule } from "../rule.ts";
import { awsAccountDiffers } from "./aws-account-differs.ts";
import { awsCachedRoleOutdated } from "./aws-cached-role-outdated.ts";
import { awsClockSkew } from "./aws-clock-skew.ts";
import { awsCloud9Credentials } from "./aws-cloud9-credentials.ts";
import { awsCredentialHelperFailed } from "./aws-credential-helper-failed.ts";
import { awsCredentialsExpired } from "./aws-credentials-expired.ts";
import { awsCredentialsInvalid } from "./aws-credentials-invalid.ts";
import { awsCredentialsMissing } from "./aws-credentials-missing.ts";
import { awsInstanceRole } from "./aws-instance-role.ts";
import { awsKeysOverrideProfile } from "./aws-keys-override-profile.ts";
import { awsLoginExpired } from "./aws-login-expired.ts";
import { awsMfaUnanswered } from "./aws-mfa-unanswered.ts";
import { awsProfileMissing } from "./aws-profile-missing.ts";
import { awsRoleChainingLimit } from "./aws-role-chaining-limit.ts";
import { awsRootCaller } from "./aws-root-caller.ts";
import { awsSsoSessionExpired } from "./aws-sso-session-expired.ts";
import { clientConfined } from "./client-confined.ts";
import { pluginTokenMalformed } from "./plugin-token-malformed.ts";
import { pluginVariablesTurnProgram } from "./plugin-variables-turn-program.ts";
import { stsAssumeRoleDenied } from "./sts-assume-role-denied.ts";
import { stsEndpointForeign } from "./sts-endpoint-foreign.ts";
import { stsIdentityTokenRefused } from "./sts-identity-token-refused.ts";
import { stsRegionInactive } from "./sts-region-inactive.ts";
import { stsRoleAssumesItself } from "./sts-role-assumes-itself.ts";
import { stsSessionTagsDenied } from "./sts-session-tags-denied.ts";
import { stsSignatureOutOfTime } from "./sts-signature-out-of-time.ts";
import { stsThrottled } from "./sts-throttled.ts";
import { stsTokenTooLong } from "./sts-token-too-long.ts";
import { stsWebIdentityDenied } from "./sts-web-identity-denied.ts";
import { vouchAgentReadOnly } from "./vouch-agent-read-only.ts";
import { vouchClusterRefused } from "./vouch-cluster-refused.ts";
import { vouchLoggedOut } from "./vouch-logged-out.ts";
import { vouchServerUnreachable } from "./vouch-server-unreachable.ts";
import { vouchSessionEnded } from "./vouch-session-ended.ts";
import { vouchSessionExpired } from "./vouch-session-expired.ts";

/** Credentials, STS and trust, and the token they make: rows L, S and V. The list is in causal order. */
export const CREDENTIAL_RULES: readonly Rule[] = [
  pluginVariablesTurnProgram,
  clientConfined,
  vouchClusterRefused,
  vouchLoggedOut,
  vouchSessionExpired,
  vouchSessionEnded,
  vouchServerUnreachable,
  vouchAgentReadOnly,
  awsProfileMissing,
  awsCredentialsMissing,
  awsSsoSessionExpired,
  awsLoginExpired,
  awsCredentialHelperFailed,
  awsMfaUnanswered,
  awsRoleChainingLimit,
  awsKeysOverrideProfile,
  awsCredentialsExpired,
  awsCloud9Credentials,
  awsCredentialsInvalid,
  awsCachedRoleOutdated,
  awsRootCaller,
  awsInstanceRole,
  awsAccountDiffers,
  stsRoleAssumesItself,
  stsAssumeRoleDenied,
  stsSessionTagsDenied,
  stsWebIdentityDenied,
  stsIdentityTokenRefused,
  stsRegionInactive,
  awsClockSkew,
  stsSignatureOutOfTime,
  stsEndpointForeign,
  stsTokenTooLong,
  pluginTokenMalformed,
  stsThrottled,
];
