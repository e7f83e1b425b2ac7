import { type DoctorEvidence, knownValue } from "../../../doctor/evidence/evidence.ts";
import { ACCOUNT, ENDPOINT, kubeconfigText, ROLE_ARN } from "./bundle.ts";

type Told = Partial<DoctorEvidence>;

const OPS_ARN = `arn:aws:iam::${ACCOUNT}:role/team/Ops`;
const GROUP = "sg-0123456789abcdef0";
const VPC = "vpc-0123456789abcdef0";

/** A file for each form in which a client's own files set variables. */
const FILES = [
  { path: "/home/ada/.envrc", text: "export AWS_PROFILE=ops AWS_ACCESS_KEY_ID=AKIAEXAMPLEEXAMPLE12\n" },
  {
    path: "/etc/systemd/system/deploy.service",
    text: '[Service]\nEnvironment="AWS_PROFILE=ops" HOME=/home/ada\n',
  },
  {
    path: "/home/ada/lens.plist",
    text: "<key>AWS_PROFILE</key><string>ops</string>\n<key>PATH</key><string>/bin</string>\n",
  },
  { path: "/home/ada/settings.json", text: '{ "env": { "KUBECONFIG": "/home/ada/k" } }\n' },
  {
    path: "/home/ada/job.yaml",
    text: "env:\n  AWS_REGION: eu-west-1\n  HTTPS_PROXY: http://proxy.example.com\n",
  },
];

const CREATE = `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;
const eksSays = (code: string, operation: string, words: string) =>
  `An error occurred (${code}) when calling the ${operation} operation: ${words}`;

/** Somebody else gets in; attempts to cure it were refused; the network is closed. */
const OF_OTHERS: Told = {
  otherObservations: [
    {
      differs: "bob, with profile ops",
      command: "kubectl get pods -n web",
      exitCode: 0,
      client: { name: "kubectl", version: "v1.30.0", path: "/opt/kubectl" },
      environment: { PATH: "/bin", AWS_PROFILE: "ops" },
      callerIdentity: { Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Ops/bob` },
    },
  ],
  fixAttempts: [
    {
      command: CREATE,
      by: OPS_ARN,
      exitCode: 254,
      stderr: eksSays(
        "ResourceInUseException",
        "CreateAccessEntry",
        "The specified access entry resource is already in use on this cluster.",
      ),
    },
    {
      command: `${CREATE} --kubernetes-groups system:masters devs`,
      exitCode: 254,
      stderr: eksSays(
        "InvalidParameterException",
        "CreateAccessEntry",
        "The kubernetes group name system:masters is invalid, it cannot start with system:",
      ),
    },
    {
      command: "aws eks update-cluster-config --name lab --access-config authenticationMode=API",
      exitCode: 254,
      stderr: eksSays(
        "InvalidParameterException",
        "UpdateClusterConfig",
        "Unsupported authentication mode update from CONFIG_MAP to API",
      ),
    },
  ],
  roles: { Roles: [{ Arn: OPS_ARN, RoleName: "Ops" }] },
  clusterCreator: { Arn: `arn:aws:iam::${ACCOUNT}:root`, source: "cloudtrail" },
  workload: { kind: "instance", instanceRole: `arn:aws:iam::${ACCOUNT}:role/team/Dev` },
  securityGroups: {
    SecurityGroups: [
      {
        GroupId: GROUP,
        IpPermissions: [
          { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "10.0.0.0/24" }] },
        ],
      },
    ],
  },
  routeTables: {
    RouteTables: [
      {
        RouteTableId: "rtb-0123456789abcdef0",
        VpcId: VPC,
        Routes: [
          { DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local" },
          { DestinationCidrBlock: "10.9.0.0/16", TransitGatewayId: "tgw-1", State: "blackhole" },
        ],
      },
    ],
  },
  vpcAttributes: [{ VpcId: VPC, EnableDnsSupport: { Value: false } }],
};

/** The caller gets in another way, made the cluster, and calls from a pod. */
const OF_THE_CALLER: Told = {
  otherObservations: [
    {
      differs: "from the terminal",
      exitCode: 0,
      environment: { PATH: "/usr/bin", AWS_PROFILE: "dev", KUBECONFIG: "/home/ada/k" },
      kubeconfig: { files: [{ path: "/home/ada/k", text: kubeconfigText("{}") }] },
      callerIdentity: { Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/ada@example.com` },
    },
  ],
  excerpts: ["awsAuth", "rbac"],
  user: { User: { Arn: `arn:aws:iam::${ACCOUNT}:user/team/ada`, UserId: "AIDAEXAMPLEEXAMPLE123" } },
  clusterCreator: { Arn: ROLE_ARN, source: "word" },
  workload: {
    kind: "pod",
    namespace: "web",
    serviceAccount: "deploy",
    annotatedRole: null,
    podIdentityRole: null,
    instanceRole: "NodeRole",
  },
  securityGroups: {
    SecurityGroups: [
      { GroupId: GROUP, IpPermissions: [{ IpProtocol: "-1", UserIdGroupPairs: [{ GroupId: GROUP }] }] },
    ],
  },
  routeTables: { RouteTables: [{ Routes: [{ DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: "nat-1" }] }] },
  vpcAttributes: [{ EnableDnsHostnames: { Value: false } }],
};

const SETS: readonly Told[] = [OF_OTHERS, OF_THE_CALLER];

/** The bundle, and with each set of parts that people tell besides what is broken in it. */
export function withToldParts(bundle: DoctorEvidence): readonly DoctorEvidence[] {
  const client = knownValue(bundle.client) ?? { name: "kubectl" };
  const network = knownValue(bundle.network) ?? { host: ENDPOINT.replace("https://", ""), port: 443 };
  return [
    bundle,
    ...SETS.map((told, index) => ({
      ...told,
      ...bundle,
      client: { ...client, files: FILES },
      network: { ...network, localAddresses: index === 0 ? ["10.9.1.2"] : ["2001:db8::7/64", "10.200.0.7"] },
    })),
  ];
}
