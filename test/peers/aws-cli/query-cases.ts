import { issueSession } from "../../lab/aws/sts/issue-session.ts";
import { addRole, CLUSTER_READS, chainTrust } from "../../lab/aws/world.ts";
import type { IamRole, StsSession } from "../../lab/model.ts";
import { answered, type OperationCase, refused, type Stage } from "./operation-case.ts";

const DEVELOPER = "arn:aws:iam::111122223333:role/VouchDeveloper";
const ADMIN = "arn:aws:iam::111122223333:user/lab-admin";
const OPS = "arn:aws:iam::111122223333:role/ops";
const IDENTIFY = ["sts", "get-caller-identity"];
const INVALID_KEY = "The security token included in the request is invalid.";
const MISMATCH =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

const assume = (...more: string[]) => [
  ...["sts", "assume-role", "--role-session-name", "ada", "--role-arn", OPS],
  ...more,
];
const withOps = {
  prepare: ({ world }: Stage) => void addRole(world, { name: "ops", trust: [chainTrust(ADMIN)] }),
};

/** Claims of a token that is good now, in the machine's own time. */
function fresh(claims: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return { iat: now, exp: now + 600, ...claims };
}
const exchange = (token: (stage: Stage) => string) => (stage: Stage) => [
  ...["sts", "assume-role-with-web-identity", "--role-arn", DEVELOPER],
  ...["--role-session-name", "ada@example.com", "--web-identity-token", token(stage)],
];
const tokenOf = (claims?: Readonly<Record<string, unknown>>) =>
  exchange(({ issuer }) => issuer.token(fresh(claims)));

/** A session of the developers' role, as variables; with tags that follow it. */
function inSession({ world }: Stage, changes: Partial<StsSession> = {}): Record<string, string> {
  const role = world.roles.get(DEVELOPER) as IamRole;
  issueSession({
    world,
    role,
    parameters: {
      roleArn: DEVELOPER,
      sessionName: "ada",
      durationSeconds: undefined,
      policyArns: [],
      inlinePolicy: undefined,
    },
    marks: { tags: { team: "a" }, transitiveTagKeys: ["team"], sourceIdentity: "ada" },
    now: new Date(),
  });
  const session = [...world.sessions.values()].at(-1) as StsSession;
  Object.assign(session, changes);
  return {
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
  };
}

const STS_CASES: readonly OperationCase[] = [
  answered("sts:GetCallerIdentity", IDENTIFY, { Account: "111122223333", Arn: ADMIN }),
  answered(
    "sts:GetCallerIdentity",
    IDENTIFY,
    { Arn: "arn:aws:sts::111122223333:assumed-role/VouchDeveloper/ada" },
    { what: "is answered for a session", env: (stage) => inSession(stage) },
  ),
  refused(
    "sts:GetCallerIdentity",
    IDENTIFY,
    "ExpiredToken: The security token included in the request is expired",
    {
      env: (stage) => inSession(stage, { expires: new Date(0) }),
    },
  ),
  refused("sts:GetCallerIdentity", IDENTIFY, `SignatureDoesNotMatch: ${MISMATCH}`, {
    env: () => ({ AWS_SECRET_ACCESS_KEY: "canary-wrong" }),
  }),
  refused("sts:GetCallerIdentity", IDENTIFY, `InvalidClientTokenId: ${INVALID_KEY}`, {
    env: () => ({ AWS_ACCESS_KEY_ID: "AKIANOBODY0000000001" }),
  }),
  answered(
    "sts:AssumeRole",
    assume("--tags", "Key=team,Value=a", "--source-identity", "ada", "--duration-seconds", "900"),
    {
      AssumedRoleUser: { Arn: "arn:aws:sts::111122223333:assumed-role/ops/ada" },
      PackedPolicySize: 2,
      SourceIdentity: "ada",
    },
    {
      prepare: ({ world }) =>
        void addRole(world, {
          name: "ops",
          trust: [
            { ...chainTrust(ADMIN), Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"] },
          ],
        }),
    },
  ),
  refused(
    "sts:AssumeRole",
    assume(),
    `AccessDenied: User: ${ADMIN} is not authorized to perform: sts:AssumeRole on resource: ${OPS}`,
  ),
  refused(
    "sts:AssumeRole",
    assume("--duration-seconds", "7200"),
    "ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    withOps,
  ),
  refused(
    "sts:AssumeRole",
    assume("--policy", "{"),
    "MalformedPolicyDocument: This policy contains invalid Json",
    withOps,
  ),
  refused(
    "sts:AssumeRole",
    assume("--tags", `Key=team,Value=${"a".repeat(250)}`, `Key=more,Value=${"a".repeat(250)}`),
    "PackedPolicyTooLarge: Packed size of session tags consumes 112% of allotted space.",
    withOps,
  ),
  refused(
    "sts:AssumeRole",
    assume("--tags", "Key=team,Value=b"),
    "InvalidParameterValue: One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    { ...withOps, env: (stage) => inSession(stage) },
  ),
  answered("sts:AssumeRoleWithWebIdentity", tokenOf(), ({ world }) => ({
    SubjectFromWebIdentityToken: "ada@example.com",
    AssumedRoleUser: { Arn: "arn:aws:sts::111122223333:assumed-role/VouchDeveloper/ada@example.com" },
    SourceIdentity: "ada@example.com",
    Provider: [...world.oidcProviders.keys()][0],
  })),
  refused(
    "sts:AssumeRoleWithWebIdentity",
    tokenOf({ exp: 1_700_000_000 }),
    /^ExpiredTokenException: Token expired: current date\/time \d+ must be before the expiration date\/time 1700000000$/,
  ),
  refused(
    "sts:AssumeRoleWithWebIdentity",
    tokenOf({ aud: "https://elsewhere.example" }),
    "InvalidIdentityToken: Incorrect token audience",
  ),
  refused(
    "sts:AssumeRoleWithWebIdentity",
    tokenOf(),
    "IDPCommunicationError: Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    {
      prepare: ({ world }) => {
        for (const provider of world.oidcProviders.values()) provider.jwksUrl = "https://127.0.0.1:1/";
      },
    },
  ),
  refused(
    "sts:AssumeRoleWithWebIdentity",
    tokenOf(),
    "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
    { prepare: ({ world }) => void world.roles.delete(DEVELOPER) },
  ),
];

const providerArn = ({ issuer }: Stage) =>
  `arn:aws:iam::111122223333:oidc-provider/${issuer.url.slice("https://".length)}`;
const getProvider = (arn: string) => [
  "iam",
  "get-open-id-connect-provider",
  "--open-id-connect-provider-arn",
  arn,
];
const simulate = (arn: string) => [
  ...["iam", "simulate-principal-policy", "--policy-source-arn", arn],
  ...["--action-names", "eks:DescribeCluster", "sts:AssumeRole"],
];

const IAM_CASES: readonly OperationCase[] = [
  answered("iam:GetRole", ["iam", "get-role", "--role-name", "VouchDeveloper"], {
    Role: {
      Arn: DEVELOPER,
      Path: "/",
      MaxSessionDuration: 3600,
      AssumeRolePolicyDocument: { Version: "2012-10-17" },
    },
  }),
  refused(
    "iam:GetRole",
    ["iam", "get-role", "--role-name", "nobody"],
    "NoSuchEntity: The role with name nobody cannot be found.",
  ),
  answered("iam:ListRoles", ["iam", "list-roles", "--page-size", "1"], {
    Roles: [{ RoleName: "VouchDeveloper" }, { RoleName: "VouchManagement" }, { RoleName: "VouchSpoke" }],
  }),
  answered("iam:GetUser", ["iam", "get-user"], { User: { UserName: "lab-admin", Arn: ADMIN, Path: "/" } }),
  refused(
    "iam:GetUser",
    ["iam", "get-user"],
    "ValidationError: Must specify userName when calling with non-User credentials",
    { env: (stage) => inSession(stage) },
  ),
  refused(
    "iam:GetUser",
    ["iam", "get-user", "--user-name", "eve"],
    "NoSuchEntity: The user with name eve cannot be found.",
  ),
  answered("iam:ListOpenIDConnectProviders", ["iam", "list-open-id-connect-providers"], (stage) => ({
    OpenIDConnectProviderList: [{ Arn: providerArn(stage) }],
  })),
  answered(
    "iam:GetOpenIDConnectProvider",
    (stage) => getProvider(providerArn(stage)),
    ({ issuer }) => ({
      Url: issuer.url.slice("https://".length),
      ClientIDList: [issuer.url],
    }),
  ),
  refused(
    "iam:GetOpenIDConnectProvider",
    getProvider("arn:aws:iam::111122223333:oidc-provider/x"),
    "NoSuchEntity: OpenIDConnect Provider not found for arn arn:aws:iam::111122223333:oidc-provider/x",
  ),
  answered(
    "iam:SimulatePrincipalPolicy",
    simulate(DEVELOPER),
    { EvaluationResults: [{ EvalDecision: "allowed" }, { EvalDecision: "implicitDeny" }] },
    { prepare: ({ world }) => void world.roles.get(DEVELOPER)?.allows.push(CLUSTER_READS) },
  ),
  refused(
    "iam:SimulatePrincipalPolicy",
    simulate("arn:aws:iam::111122223333:group/devs"),
    "InvalidInput: Invalid Entity Arn: arn:aws:iam::111122223333:group/devs does not clearly define entity type and name.",
  ),
];

export const QUERY_CASES: readonly OperationCase[] = [...STS_CASES, ...IAM_CASES];
