import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import {
  awsConfig,
  execBlock,
  healthyBundle,
  healthyProfileBundle,
  LOGIN_FILE,
  LOGIN_SESSION,
  PROFILE_EXEC,
  pluginFailed,
  ROLE_ARN,
  SSO_CONFIG,
  SSO_FILE,
  without,
} from "./bundle.ts";

/** A broken link of an AWS profile, and its row. */
interface SourceFault {
  readonly row: string;
  readonly name: string;
  readonly bundle: DoctorEvidence;
}

const GONE = { sourceFiles: [{ kind: "sso", path: SSO_FILE, state: "absent" }] } as const;
const NOTHING = { sourceFiles: [] };
const PLACE = "AWS profile dev (/home/ada/.aws/config, line 2)";

/** The plugin of a context of ours failed with these words. */
function ours(words: string, changes: Partial<DoctorEvidence>): DoctorEvidence {
  return pluginFailed(`error: ${words}`, { profile: true, changes: { ...NOTHING, ...changes } });
}

/** Nobody ran the plugin, and nobody asked AWS or the cluster. */
export function unasked(bundle: DoctorEvidence): DoctorEvidence {
  const parts = ["question", "pluginRun", "token", "tokenNames", "callerIdentity", "apiServer"] as const;
  return without(bundle, ...parts, "selfSubjectReview", "accessReviews");
}

/** Of contexts of ours by a profile, in our own words; and what the files alone show. */
export const SOURCE_FAULTS: readonly SourceFault[] = [
  {
    row: "L1",
    name: "a profile that gives nothing",
    bundle: ours(
      `${PLACE.replace(", line 2", ", line 1")}, which --profile names, gives no credentials: it has no access key id, role, Identity Center account, login or process. [profile-empty]`,
      awsConfig("[profile dev]\nregion = eu-west-1\n"),
    ),
  },
  {
    row: "L1",
    name: "nothing at all for the caller's own credentials",
    bundle: ours(
      "There are no AWS credentials: none in the environment, and no default profile with any in /home/ada/.aws/config or /home/ada/.aws/credentials. [aws-not-configured]",
      { ...execBlock(PROFILE_EXEC.replace("--profile, dev", "--ambient")), ...awsConfig("") },
    ),
  },
  {
    row: "L2",
    name: "nobody is logged in to Identity Center",
    bundle: ours("You are not logged in to IAM Identity Center (sso-session corp). [sso-logged-out]", {
      ...awsConfig(SSO_CONFIG),
      ...GONE,
    }),
  },
  {
    row: "L2",
    name: "nobody is logged in to Identity Center, by the files alone",
    bundle: unasked(healthyProfileBundle(GONE)),
  },
  {
    row: "L3",
    name: "a profile that is gone",
    bundle: ours(
      "There is no AWS profile dev, which --profile names, in /home/ada/.aws/config or /home/ada/.aws/credentials. [profile-missing]",
      awsConfig("[profile ops]\nregion = eu-west-1\n"),
    ),
  },
  {
    row: "L5",
    name: "keys that ended",
    bundle: ours(
      "The keys ASIAEXAMPLEEXAMPLE12 (AWS profile dev, /home/ada/.aws/credentials, line 2) ended at 12:00. [aws-keys-expired]",
      {
        ...awsConfig("[profile dev]\nregion = eu-west-1\n"),
        awsCredentials: {
          path: "/home/ada/.aws/credentials",
          text: "[dev]\naws_access_key_id = ASIAEXAMPLEEXAMPLE12\naws_secret_access_key = ***\naws_session_token = ***\nx_security_token_expires = 2026-01-15T11:00:00Z\n",
        },
      },
    ),
  },
  {
    row: "L9",
    name: "a role that demands a code",
    bundle: ours(
      `Role ${ROLE_ARN} (${PLACE}) demands a code of the MFA device arn:aws:iam::111122223333:mfa/ada. [mfa-code-needed]`,
      awsConfig(
        `[profile dev]\nrole_arn = ${ROLE_ARN}\nsource_profile = base\nmfa_serial = arn:aws:iam::111122223333:mfa/ada\n[profile base]\naws_access_key_id = ***\naws_secret_access_key = ***\n`,
      ),
    ),
  },
  {
    row: "L11",
    name: "a login of AWS that has ended, by the files alone",
    bundle: unasked(
      healthyProfileBundle({
        ...awsConfig(`[profile dev]\nlogin_session = ${LOGIN_SESSION}\n`),
        sourceFiles: [{ kind: "login", path: LOGIN_FILE, state: "absent" }],
      }),
    ),
  },
  {
    row: "L13",
    name: "a program that nobody approved",
    bundle: ours(
      `${PLACE}: credential_process would run /bin/x, but it has not been approved. [credential-process-unapproved]`,
      awsConfig("[profile dev]\ncredential_process = /bin/x\n"),
    ),
  },
  {
    row: "L17",
    name: "an sso_session that is not there, by the files alone",
    bundle: unasked(
      healthyBundle(awsConfig(SSO_CONFIG.replace("[sso-session corp]", "[sso-session other]"))),
    ),
  },
  {
    row: "L18",
    name: "a permission set that is not assigned",
    bundle: ours(
      "IAM Identity Center (sso-session corp) does not give you the permission set Dev in account 111122223333: No access. [sso-role-denied]",
      awsConfig(SSO_CONFIG),
    ),
  },
  {
    row: "L19",
    name: "a token file that is not there, by the files alone",
    bundle: unasked(
      healthyProfileBundle({
        ...awsConfig(`[profile dev]\nrole_arn = ${ROLE_ARN}\nweb_identity_token_file = /run/token\n`),
        sourceFiles: [{ kind: "web-identity", path: "/run/token", state: "absent" }],
      }),
    ),
  },
  {
    row: "L20",
    name: "a container whose address is none of AWS's",
    bundle: ours(
      "AWS_CONTAINER_CREDENTIALS_FULL_URI names http://evil.example, where no container of AWS gets its credentials and which setup did not record. [container-address-refused]",
      {
        ...execBlock(PROFILE_EXEC.replace("--profile, dev", "--ambient")),
        ...awsConfig(""),
        environment: { HOME: "/home/ada", AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://evil.example" },
      },
    ),
  },
];
