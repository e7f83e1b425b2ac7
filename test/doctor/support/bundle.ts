import { type AccessEntryJson, type DoctorEvidence, failureOf } from "../../../doctor/evidence/evidence.ts";

/** When the healthy bundle was gathered: noon on a quiet day. */
export const GATHERED_AT = "2026-01-15T12:00:00Z";

export const ACCOUNT = "111122223333";
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/Dev`;
export const ENDPOINT = "https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com";
export const CA_DATA = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUIKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=";
export const USERNAME = `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/ada-example.com`;
/** Of the access entry behind that name. */
export const ENTRY_USERNAME = `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/{{SessionName}}`;

/** A kubeconfig with one context, whose user runs this. */
export function kubeconfigText(exec: string): string {
  return `apiVersion: v1
kind: Config
current-context: lab
clusters:
- name: lab
  cluster:
    server: ${ENDPOINT}
    certificate-authority-data: ${CA_DATA}
contexts:
- name: lab
  context:
    cluster: lab
    user: lab
    namespace: web
users:
- name: lab
  user:
    exec:
${exec.replaceAll(/^/gm, "      ").trimEnd()}
`;
}

export const AWS_EXEC = `apiVersion: client.authentication.k8s.io/v1beta1
command: aws
args: [--region, eu-west-1, eks, get-token, --cluster-name, lab, --output, json]
env:
- name: AWS_PROFILE
  value: dev
`;

export const VOUCH_EXEC = `apiVersion: client.authentication.k8s.io/v1
command: kubectl-vouch
args: [credential, eks, --cluster-name, lab, --region, eu-west-1, --role, "${ROLE_ARN}", --server, https://us.vouch.sh]
interactiveMode: Never
provideClusterInfo: true
`;

/** A context of ours by an AWS profile. */
export const PROFILE_EXEC = VOUCH_EXEC.replace(/--role, .*\]/, "--profile, dev]");

/** The access entry of the caller, changed. */
export function entry(changes: Partial<AccessEntryJson>): Pick<DoctorEvidence, "accessEntryDetails"> {
  const accessEntry = {
    clusterName: "lab",
    principalArn: ROLE_ARN,
    kubernetesGroups: [],
    username: ENTRY_USERNAME,
    type: "STANDARD",
    createdAt: "2025-06-02T08:00:00Z",
    modifiedAt: "2025-06-02T08:00:00Z",
    ...changes,
  };
  return { accessEntryDetails: [{ accessEntry }] };
}

/** Everything gathered, and nothing wrong: `aws eks get-token` with a profile, one access entry, one policy. */
export function healthyBundle(changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return {
    apiVersion: "vouch.kubectl/v1",
    kind: "DoctorEvidence",
    gatheredAt: GATHERED_AT,
    question: {
      command: "kubectl get pods -n web",
      exitCode: 0,
      stderr: "",
      attempt: { verb: "list", group: "", resource: "pods", namespace: "web" },
    },
    client: { name: "kubectl", version: "v1.36.0", path: "/usr/local/bin/kubectl" },
    kubeconfig: { files: [{ path: "/home/ada/.kube/config", text: kubeconfigText(AWS_EXEC) }] },
    environment: { HOME: "/home/ada", PATH: "/usr/local/bin:/usr/bin:/bin" },
    awsConfig: {
      path: "/home/ada/.aws/config",
      text: "[profile dev]\nregion = eu-west-1\ncredential_process = /usr/local/bin/dev-credentials\n",
    },
    awsCredentials: { path: "/home/ada/.aws/credentials", text: "" },
    execCommand: {
      command: "aws",
      resolved: "/usr/local/bin/aws",
      resolvedForGui: "/usr/bin/aws",
      executable: true,
      version: "aws-cli/2.36.7",
    },
    pluginRun: {
      exitCode: 0,
      stderr: "",
      credential: {
        apiVersion: "client.authentication.k8s.io/v1beta1",
        expirationTimestamp: "2026-01-15T12:14:00Z",
        hasToken: true,
      },
      seconds: 0.6,
    },
    token: {
      bytes: 1574,
      host: "sts.eu-west-1.amazonaws.com",
      region: "eu-west-1",
      partition: "aws",
      accessKeyId: "ASIAEXAMPLEEXAMPLE12",
      temporary: true,
      signedHeaders: ["host", "x-k8s-aws-id"],
      signedAt: GATHERED_AT,
      endsAt: "2026-01-15T12:15:00Z",
      problems: [],
    },
    callerIdentity: {
      UserId: "AROAEXAMPLEEXAMPLE123:ada@example.com",
      Account: ACCOUNT,
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/ada@example.com`,
    },
    tokenNames: [{ name: "lab", accepted: true }],
    clocks: [
      { peer: "sts.eu-west-1.amazonaws.com", aheadSeconds: 0 },
      { peer: "the API server", aheadSeconds: 1 },
    ],
    network: {
      host: "0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
      port: 443,
      addresses: ["203.0.113.10", "203.0.113.11"],
      tcp: "open",
      tls: {
        ok: true,
        issuer: "kubernetes",
        subjectAltNames: ["0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com", "kubernetes"],
      },
    },
    apiServer: { status: 200, isKubernetes: true },
    cluster: {
      cluster: {
        name: "lab",
        arn: `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/lab`,
        status: "ACTIVE",
        version: "1.33",
        platformVersion: "eks.10",
        createdAt: "2025-06-01T08:00:00Z",
        endpoint: ENDPOINT,
        certificateAuthority: { data: CA_DATA },
        accessConfig: { authenticationMode: "API_AND_CONFIG_MAP" },
        resourcesVpcConfig: {
          endpointPublicAccess: true,
          endpointPrivateAccess: false,
          publicAccessCidrs: ["0.0.0.0/0"],
          clusterSecurityGroupId: "sg-0123456789abcdef0",
          vpcId: "vpc-0123456789abcdef0",
        },
        health: { issues: [] },
      },
    },
    clusters: { clusters: ["lab", "prod"] },
    accessEntries: { accessEntries: [ROLE_ARN, `arn:aws:iam::${ACCOUNT}:role/NodeRole`] },
    ...entry({}),
    associatedPolicies: [
      {
        clusterName: "lab",
        principalArn: ROLE_ARN,
        associatedAccessPolicies: [
          {
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
            accessScope: { type: "namespace", namespaces: ["web", "team-*"] },
            associatedAt: "2025-06-02T08:00:00Z",
            modifiedAt: "2025-06-02T08:00:00Z",
          },
        ],
      },
    ],
    role: {
      Role: {
        Arn: ROLE_ARN,
        RoleId: "AROAEXAMPLEEXAMPLE123",
        RoleName: "Dev",
        Path: "/",
        CreateDate: "2025-05-01T08:00:00Z",
        MaxSessionDuration: 3600,
      },
    },
    awsAuth: {
      metadata: { resourceVersion: "4711" },
      data: {
        mapRoles: `- rolearn: arn:aws:iam::${ACCOUNT}:role/NodeRole\n  username: system:node:{{EC2PrivateDNSName}}\n  groups: [system:bootstrappers, system:nodes]\n`,
      },
    },
    selfSubjectReview: { status: { userInfo: { username: USERNAME, groups: ["system:authenticated"] } } },
    accessReviews: [
      {
        spec: { resourceAttributes: { verb: "list", group: "", resource: "pods", namespace: "web" } },
        status: { allowed: true },
      },
    ],
    rbac: { items: [] },
    namespaces: {
      items: ["default", "kube-system", "web", "team-a"].map((name) => ({ metadata: { name } })),
    },
    ...changes,
  };
}

/** The same person through us: a context that `setup eks` wrote. */
export function healthyVouchBundle(changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return healthyBundle({
    kubeconfig: { files: [{ path: "/home/ada/.kube/config", text: kubeconfigText(VOUCH_EXEC) }] },
    execCommand: {
      command: "kubectl-vouch",
      resolved: "/usr/local/bin/kubectl-vouch",
      resolvedForGui: null,
      executable: true,
      version: "kubectl-vouch 0.1.0",
    },
    pluginRun: {
      exitCode: 0,
      stderr: "",
      credential: {
        apiVersion: "client.authentication.k8s.io/v1",
        expirationTimestamp: "2026-01-15T12:14:00Z",
        hasToken: true,
      },
      seconds: 0.1,
    },
    vouch: {
      server: "https://us.vouch.sh",
      loggedIn: true,
      identity: "ada@example.com",
      sessionEnd: "2026-01-15T18:00:00Z",
      serverConfirms: true,
    },
    ...changes,
  });
}

/** An Identity Center profile, and its session. */
export const SSO_CONFIG = `[profile dev]
sso_session = corp
sso_account_id = ${ACCOUNT}
sso_role_name = Dev
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
`;

/** The file of that session. */
export const SSO_FILE = "/home/ada/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

/** That of an AWS login of this session: `login_session`, by its SHA-256. */
export const LOGIN_SESSION = `arn:aws:iam::${ACCOUNT}:user/ada`;
export const LOGIN_FILE =
  "/home/ada/.aws/login/cache/8a94dcaf071ee6a78db9a6b90e40b539573c9c8ef33a82541e6d9d2ceda11e00.json";

/** The same person through us, by an Identity Center profile and without Vouch: a context that `setup eks --profile` wrote. */
export function healthyProfileBundle(changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  const { vouch, ...bundle } = healthyVouchBundle({
    kubeconfig: { files: [{ path: "/home/ada/.kube/config", text: kubeconfigText(PROFILE_EXEC) }] },
    ...awsConfig(SSO_CONFIG),
    sourceFiles: [
      {
        kind: "sso",
        path: SSO_FILE,
        state: "there",
        expiresAt: "2026-01-15T18:00:00.000Z",
        refreshable: true,
        startUrl: "https://corp.awsapps.com/start",
        region: "eu-west-1",
      },
    ],
    ...changes,
  });
  return bundle;
}

/** The bundle without these parts, as if nobody had looked. */
export function without(bundle: DoctorEvidence, ...parts: readonly (keyof DoctorEvidence)[]): DoctorEvidence {
  const rest = Object.entries(bundle).filter(([part]) => !parts.includes(part as keyof DoctorEvidence));
  return Object.fromEntries(rest) as unknown as DoctorEvidence;
}

const REFUSED = { failed: "AccessDeniedException: not authorized" };

/** What is in a bundle only where somebody has something to tell: without it, there is nothing to tell. */
const TOLD: readonly (keyof DoctorEvidence)[] = [
  "otherObservations",
  "fixAttempts",
  "excerpts",
  "clusterCreator",
  "workload",
];

/** The bundle, and the parts that have been read of it so far. */
export function readsOf(bundle: DoctorEvidence): {
  readonly evidence: DoctorEvidence;
  readonly read: ReadonlySet<string>;
} {
  const read = new Set<string>();
  const note = (name: string | symbol) => void read.add(String(name));
  const evidence = new Proxy(bundle, {
    get(target, name) {
      note(name);
      return Reflect.get(target, name);
    },
    has(target, name) {
      note(name);
      return Reflect.has(target, name);
    },
    ownKeys(target) {
      Reflect.ownKeys(target).forEach(note);
      return Reflect.ownKeys(target);
    },
  });
  return { evidence, read };
}

/**
 * The bundle with one part less: as if nobody had looked, and as if somebody had been refused. Where a part failed already,
 * its reason is evidence, and another reason would be other evidence. Of all parts, or of these.
 */
export function poorer(
  bundle: DoctorEvidence,
  of: ReadonlySet<string> = new Set(Object.keys(bundle)),
): readonly (readonly [what: string, less: DoctorEvidence])[] {
  const parts = (Object.keys(bundle) as (keyof DoctorEvidence)[]).filter(
    (part) => of.has(part) && part !== "apiVersion" && part !== "kind" && !TOLD.includes(part),
  );
  const evidence = parts.filter(
    (part) => part !== "question" && part !== "gatheredAt" && failureOf(bundle[part]) === undefined,
  );
  return [
    ...parts.map((part) => [`no ${part}`, without(bundle, part)] as const),
    ...evidence.map((part) => [`${part} refused`, { ...bundle, [part]: REFUSED }] as const),
  ];
}

/** A healthy bundle after the plugin has failed with these words: nothing behind it could be asked. */
export function pluginFailed(
  stderr: string,
  {
    changes = {},
    vouch = false,
    profile = false,
  }: {
    readonly changes?: Partial<DoctorEvidence>;
    readonly vouch?: boolean;
    readonly profile?: boolean;
  } = {},
): DoctorEvidence {
  const program = vouch || profile ? "kubectl-vouch" : "aws";
  const failed = "the exec plugin gave no token";
  const healthy = profile ? healthyProfileBundle : vouch ? healthyVouchBundle : healthyBundle;
  return healthy({
    question: {
      command: "kubectl get pods -n web",
      exitCode: 1,
      stderr: `${stderr}\nUnable to connect to the server: getting credentials: exec: executable ${program} failed with exit code 255\n`,
    },
    pluginRun: { exitCode: 255, stderr: `\n${stderr}\n`, seconds: 0.4 },
    token: { failed },
    tokenNames: { failed },
    callerIdentity: { failed: stderr },
    apiServer: { failed },
    selfSubjectReview: { failed },
    accessReviews: { failed },
    ...changes,
  });
}

/** A call that the API server refuses with the caller's name: it knows who calls. */
export const NAMES_ADA = {
  stderr:
    'Error from server (Forbidden): pods is forbidden: User "ada" cannot list resource "pods" in API group "" in the namespace "web"',
};

/** A healthy bundle whose token the API server refuses. */
export function unauthorized(changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return healthyBundle({
    question: {
      command: "kubectl get pods -n web",
      exitCode: 1,
      stderr: "error: You must be logged in to the server (Unauthorized)\n",
    },
    apiServer: { status: 401, message: "Unauthorized", isKubernetes: true },
    selfSubjectReview: { failed: "Unauthorized" },
    accessReviews: { failed: "Unauthorized" },
    ...changes,
  });
}

/** The same, where AWS refuses the keys as soon as it is asked who they are. */
export function keysRefused(failed: string, changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return unauthorized({ callerIdentity: { failed }, tokenNames: { failed }, ...changes });
}

/** The kubeconfig of the healthy bundle, whose exec block is this YAML. */
export function execBlock(yaml: string): Pick<DoctorEvidence, "kubeconfig"> {
  return { kubeconfig: { files: [{ path: "/home/ada/.kube/config", text: kubeconfigText(yaml) }] } };
}

/** The AWS CLI's exec block with further arguments and with these variables. */
export function awsExec(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Pick<DoctorEvidence, "kubeconfig"> {
  const [head = ""] = AWS_EXEC.replace("json]", `json${args.map((word) => `, "${word}"`).join("")}]`).split(
    "env:",
  );
  const variables = Object.entries(env).map(([name, value]) => `- name: ${name}\n  value: "${value}"`);
  return execBlock(variables.length === 0 ? head : `${head}env:\n${variables.join("\n")}\n`);
}

/** AWS's config file, with this text. */
export function awsConfig(text: string): Pick<DoctorEvidence, "awsConfig"> {
  return { awsConfig: { path: "/home/ada/.aws/config", text } };
}

/** What lets an admin edit the role's trust policy. */
export const TRUST_COMMANDS: readonly string[] = [
  "aws iam get-role --role-name Dev --query Role.AssumeRolePolicyDocument --output json > trust-before.json",
  "cp trust-before.json trust.json",
  "aws iam update-assume-role-policy --role-name Dev --policy-document file://trust.json",
];
