import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import {
  ACCOUNT,
  awsConfig,
  awsExec,
  healthyBundle,
  healthyVouchBundle,
  keysRefused,
  pluginFailed,
  ROLE_ARN,
  SSO_CONFIG,
  unauthorized,
} from "./bundle.ts";

/** AWS's refusal of a call, in the frame of its CLI. */
function refusal(code: string, operation: string, message: string): string {
  return `An error occurred (${code}) when calling the ${operation} operation: ${message}`;
}

const INVALID = refusal(
  "InvalidClientTokenId",
  "GetCallerIdentity",
  "The security token included in the request is invalid.",
);
const EXPIRED = refusal(
  "ExpiredToken",
  "GetCallerIdentity",
  "The security token included in the request is expired",
);
const KEYS = { HOME: "/home/ada", AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12", AWS_SECRET_ACCESS_KEY: "***" };
const CHAINED = awsConfig(
  `[profile dev]\nrole_arn = ${ROLE_ARN}\nsource_profile = base\nmfa_serial = arn:aws:iam::${ACCOUNT}:mfa/ada\n[profile base]\naws_access_key_id = ***\naws_secret_access_key = ***\n`,
);

function caller(Arn: string, UserId = "AROAOTHEROTHEROTHER12:s", Account = ACCOUNT) {
  return { callerIdentity: { UserId, Account, Arn } };
}

function denied(caller: string, action: string): string {
  return refusal(
    "AccessDenied",
    "AssumeRole",
    `User: ${caller} is not authorized to perform: ${action} on resource: ${ROLE_ARN}`,
  );
}

/** STS's refusal of a Vouch login, as our plugin words it. */
function webIdentity(code: string, message: string): string {
  return `AWS refused sts:AssumeRoleWithWebIdentity on ${ROLE_ARN} (sts.eu-west-1.amazonaws.com): ${code}: ${message}.`;
}

function token(changes: Readonly<Record<string, unknown>>): Pick<DoctorEvidence, "token"> {
  return {
    token: { bytes: 1500, accessKeyId: "ASIAEXAMPLEEXAMPLE12", temporary: true, problems: [], ...changes },
  };
}

/** What this machine knows of Vouch, where nothing is wrong with it, changed. */
export function vouch(changes: Readonly<Record<string, unknown>>): Pick<DoctorEvidence, "vouch"> {
  const known = {
    server: "https://us.vouch.sh",
    identity: "ada@example.com",
    sessionEnd: "2026-01-15T18:00:00Z",
  };
  return { vouch: { loggedIn: true, ...known, ...changes } };
}

const NODE_FORBIDDEN =
  'pods is forbidden: User "system:node:ip-10-0-0-7.eu-west-1.compute.internal" cannot list resource "pods" in API group "" in the namespace "web"';

/** One broken thing each, by the row that names it. */
export const CREDENTIAL_FAULTS: Readonly<Record<string, DoctorEvidence>> = {
  L1: pluginFailed(
    'Unable to locate credentials. You can configure credentials by running "aws configure".',
    {
      changes: { ...awsExec({}), ...awsConfig("[profile dev]\nsso_session = corp\n") },
    },
  ),
  L2: pluginFailed(
    "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session run aws sso login with the corresponding profile.",
    {
      changes: awsConfig(SSO_CONFIG),
    },
  ),
  L3: pluginFailed("The config profile (dev) could not be found", {
    changes: awsConfig("[profile ops]\nregion = eu-west-1\n"),
  }),
  L4: unauthorized({
    environment: KEYS,
    ...caller(`arn:aws:iam::${ACCOUNT}:user/deploy`, "AIDAEXAMPLE"),
    ...token({ bytes: 900, accessKeyId: "AKIAEXAMPLEEXAMPLE12", temporary: false }),
    ...awsConfig(`[profile dev]\nrole_arn = ${ROLE_ARN}\nsource_profile = base\n`),
  }),
  L5: keysRefused(EXPIRED, {
    environment: { ...KEYS, AWS_ACCESS_KEY_ID: "ASIAEXAMPLEEXAMPLE12", AWS_SESSION_TOKEN: "***" },
    ...awsExec({}),
  }),
  L6: keysRefused(INVALID, token({ bytes: 900, accessKeyId: "AKIAEXAMPLEEXAMPLE12", temporary: false })),
  L7: unauthorized(
    caller(
      "arn:aws:sts::444455556666:assumed-role/Dev/ada@example.com",
      "AROAOTHEROTHEROTHER12:ada@example.com",
      "444455556666",
    ),
  ),
  L8: healthyBundle({
    question: { stderr: `Error from server (Forbidden): ${NODE_FORBIDDEN}`, exitCode: 1 },
    apiServer: { status: 403, message: NODE_FORBIDDEN, isKubernetes: true },
    selfSubjectReview: { failed: "nobody asked" },
    accessReviews: { failed: "nobody asked" },
    ...caller(
      `arn:aws:sts::${ACCOUNT}:assumed-role/Bastion/i-0123456789abcdef0`,
      "AROANODENODENODENODE1:i-0123456789abcdef0",
    ),
    ...awsExec({}),
  }),
  L9: pluginFailed(
    `Warning: Password input may be echoed.\nEnter MFA code for arn:aws:iam::${ACCOUNT}:mfa/ada: `,
    {
      changes: CHAINED,
    },
  ),
  L10: pluginFailed(
    refusal(
      "ValidationError",
      "AssumeRole",
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    ),
    {
      changes: awsConfig(
        `[profile dev]\nrole_arn = ${ROLE_ARN}\nsource_profile = hub\nduration_seconds = 43200\n[profile hub]\nrole_arn = arn:aws:iam::${ACCOUNT}:role/Hub\nsource_profile = base\n[profile base]\naws_access_key_id = ***\naws_secret_access_key = ***\n`,
      ),
    },
  ),
  L11: pluginFailed("aws: [ERROR]: Your session has expired. Please reauthenticate using 'aws login'.", {
    changes: awsConfig(`[profile dev]\nlogin_session = arn:aws:iam::${ACCOUNT}:user/ada\n`),
  }),
  L12: unauthorized({
    role: { Role: { Arn: ROLE_ARN, RoleId: "AROANEWNEWNEWNEWNEW12", CreateDate: "2025-05-02T11:00:00Z" } },
  }),
  L13: pluginFailed("Error when retrieving credentials from custom-process: helper logged out\n", {
    changes: awsConfig(
      "[profile dev]\ncredential_process = /usr/local/bin/aws-vault export --format=json dev\n",
    ),
  }),
  L14: healthyBundle({
    client: { name: "flux", path: "/snap/bin/flux" },
    question: {
      stderr: "Unable to connect to the server: getting credentials: exec: executable aws not found\n",
      exitCode: 1,
    },
    apiServer: { failed: "nobody asked" },
    selfSubjectReview: { failed: "nobody asked" },
    accessReviews: { failed: "nobody asked" },
  }),
  L15: keysRefused(INVALID, {
    environment: { C9_PROJECT: "lab", C9_USER: "ada" },
    awsCredentials: { path: "/home/ada/.aws/credentials", text: "[default]\naws_access_key_id = ***\n" },
    ...awsExec({}),
  }),
  L16: unauthorized(caller(`arn:aws:iam::${ACCOUNT}:root`, ACCOUNT)),
  L17: pluginFailed('The source_profile "gone" referenced in the profile "dev" does not exist.', {
    changes: awsConfig(`[profile dev]\nrole_arn = ${ROLE_ARN}\nsource_profile = gone\n`),
  }),
  L18: pluginFailed(refusal("ForbiddenException", "GetRoleCredentials", "No access"), {
    changes: awsConfig(SSO_CONFIG),
  }),
  L19: pluginFailed("[Errno 2] No such file or directory: '/var/run/secrets/token'", {
    changes: {
      environment: {
        HOME: "/home/ada",
        AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/secrets/token",
        AWS_ROLE_ARN: ROLE_ARN,
      },
      sourceFiles: [{ kind: "web-identity", path: "/var/run/secrets/token", state: "absent" }],
    },
  }),
  L20: pluginFailed(
    "Error when retrieving credentials from container-role: Error retrieving metadata: Received non 200 response 404 from container metadata: ",
    {
      changes: {
        environment: {
          HOME: "/home/ada",
          AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials",
        },
        ...awsExec({}),
        ...awsConfig("[profile ops]\nregion = eu-west-1\n"),
      },
    },
  ),
  L21: pluginFailed(
    'The profile "dev" is configured to use SSO but is missing required configuration: sso_start_url, sso_region',
    {
      changes: {
        ...awsConfig(SSO_CONFIG),
        execCommand: {
          command: "aws",
          resolved: "/usr/local/bin/aws",
          executable: true,
          version: "aws-cli/2.4.27",
        },
      },
    },
  ),
  S1: pluginFailed(denied("arn:aws:sts::444455556666:assumed-role/Hub/ada@example.com", "sts:AssumeRole")),
  S2: pluginFailed(denied(`arn:aws:sts::${ACCOUNT}:assumed-role/Dev/ci`, "sts:AssumeRole"), {
    changes: awsExec({}, ["--role", ROLE_ARN]),
  }),
  S3: pluginFailed(webIdentity("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"), {
    vouch: true,
  }),
  S4: pluginFailed(
    webIdentity(
      "InvalidIdentityToken",
      "No OpenIDConnect provider found in your account for https://us.vouch.sh",
    ),
    { vouch: true },
  ),
  S5: pluginFailed(webIdentity("AccessDenied", "Not authorized to perform sts:TagSession"), { vouch: true }),
  S6: unauthorized({
    ...token({ host: "vpce-0123456789abcdef0-abcdefgh.sts.eu-west-1.vpce.amazonaws.com" }),
  }),
  S7: pluginFailed(
    refusal(
      "RegionDisabledException",
      "AssumeRole",
      `STS is not activated in this region for account:${ACCOUNT}. Your account administrator can activate STS in this region using the IAM Console.`,
    ),
  ),
  S8: unauthorized({
    clocks: [-2400, -2401].map((aheadSeconds, index) => ({ peer: `peer ${index}`, aheadSeconds })),
  }),
  S9: unauthorized(token({ bytes: 4097 })),
  S10: keysRefused(
    "An error occurred (Throttling) when calling the GetCallerIdentity operation (reached max retries: 4): Rate exceeded",
  ),
  V1: pluginFailed("You are not logged in to https://us.vouch.sh.", {
    vouch: true,
    changes: { vouch: { server: "https://us.vouch.sh", loggedIn: false } },
  }),
  V2: pluginFailed("The session of ada@example.com at https://us.vouch.sh ended at 11:00.", {
    vouch: true,
    changes: vouch({ loggedIn: false, sessionEnd: "2026-01-15T11:00:00Z" }),
  }),
  V3: pluginFailed(
    "us.vouch.sh rejected the request for an AWS ID token: the session has ended or was revoked.",
    {
      vouch: true,
      changes: vouch({ serverConfirms: false, serverProblem: "the session has ended or was revoked" }),
    },
  ),
  V4: pluginFailed("us.vouch.sh cannot be reached: connection refused.", {
    vouch: true,
    changes: vouch({ serverProblem: "us.vouch.sh cannot be reached: connection refused" }),
  }),
  V5: healthyVouchBundle({
    ...vouch({ serverConfirms: true, agent: "claude-code" }),
    question: {
      exitCode: 254,
      stderr: `An error occurred (AccessDeniedException) when calling the CreateAccessEntry operation: User: arn:aws:sts::${ACCOUNT}:assumed-role/Dev/ada is not authorized to perform: eks:CreateAccessEntry on resource: arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/lab because no session policy allows the eks:CreateAccessEntry action`,
    },
  }),
  V6: pluginFailed("NODE_TLS_REJECT_UNAUTHORIZED=0 would switch off the check of certificates.", {
    vouch: true,
  }),
  V8: pluginFailed(
    "error: No token for cluster lab (eu-west-1, account 111122223333): the client calls evil.example (CA dd2b7e101661309b); setup recorded 0123.gr7.eu-west-1.eks.amazonaws.com (CA dd2b7e101661309b). [cluster-mismatch]",
    { vouch: true },
  ),
  V9: pluginFailed(
    "error: kubectl delete pod web-1: context lab is protected, and it cannot be confirmed without a terminal. [change-unconfirmed]",
    { vouch: true },
  ),
  V7: unauthorized(
    token({ problems: [{ step: 3, problem: "the part after the prefix is not base64url without padding" }] }),
  ),
};
