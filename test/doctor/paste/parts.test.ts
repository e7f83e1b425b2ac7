import assert from "node:assert/strict";
import type { EvidencePart } from "../../../doctor/evidence/parts.ts";
import { readPasted } from "../../../doctor/paste/read-paste.ts";

const NOW = Date.parse("2026-01-15T12:00:00Z");
const ARN = "arn:aws:iam::111122223333:role/Dev";

const REFUSED = "$ kubectl get pods\nerror: You must be logged in to the server (Unauthorized)\n";
const CREATE = `aws eks create-access-entry --cluster-name lab --principal-arn ${ARN}`;
const IN_USE =
  "An error occurred (ResourceInUseException) when calling the CreateAccessEntry operation: The specified access entry resource is already in use on this cluster.";

/** What nobody can paste: a program of ours sees it, or it is somebody's word. */
const UNSEEN = null;

/** A text as a terminal shows it, and what is made of it. */
const SAMPLES: Readonly<
  Record<EvidencePart, readonly (readonly [text: string, expected: unknown])[] | null>
> = {
  question: [
    [
      "error: You must be logged in to the server (Unauthorized)",
      { stderr: "error: You must be logged in to the server (Unauthorized)" },
    ],
    [
      "$ kubectl get pods \\\n>   -n web\nNo resources found in web namespace.\n",
      { command: "kubectl get pods -n web", exitCode: 0, stderr: "" },
    ],
    [
      '$ k get secrets\nError from server (Forbidden): secrets is forbidden: User "ada" cannot list resource "secrets" in API group "" in the namespace "web"\n$ kubectl get pods\nweb-0',
      {
        command: "kubectl get secrets",
        stderr:
          'Error from server (Forbidden): secrets is forbidden: User "ada" cannot list resource "secrets" in API group "" in the namespace "web"',
      },
    ],
  ],
  otherObservations: [
    [
      `${REFUSED}$ AWS_PROFILE=admin kubectl get pods\nNAME    READY\nweb-0   1/1\n$ kubectl get nodes\nNAME\nn1\n`,
      [
        {
          differs: "AWS_PROFILE=admin kubectl get pods",
          command: "AWS_PROFILE=admin kubectl get pods",
          exitCode: 0,
        },
      ],
    ],
    ["$ kubectl get pods\nNAME\nweb-0\n$ AWS_PROFILE=a kubectl get pods\nNAME\nweb-0\n", undefined],
  ],
  fixAttempts: [
    [`${REFUSED}$ ${CREATE}\n\n${IN_USE}\n`, [{ command: CREATE, stderr: IN_USE }]],
    [
      `${REFUSED}$ ${CREATE}\n{"accessEntry":{"principalArn":"${ARN}"}}\n`,
      [{ command: CREATE, exitCode: 0 }],
    ],
    [`$ ${CREATE}\n${IN_USE}\n`, undefined],
    [`${REFUSED}$ aws eks describe-access-entry\n${IN_USE}\n`, undefined],
  ],
  excerpts: [[`{"kind":"List","items":[{"kind":"Role","metadata":{"name":"a","namespace":"b"}}]}`, ["rbac"]]],
  client: UNSEEN,
  kubeconfig: [
    [
      "$ cat ~/.kube/config\napiVersion: v1\nkind: Config\ncurrent-context: lab\n",
      { files: [{ path: "~/.kube/config", text: "apiVersion: v1\nkind: Config\ncurrent-context: lab" }] },
    ],
    [
      "$ cat /home/ada/.kube/config\ncat: /home/ada/.kube/config: No such file or directory\n",
      { files: [{ path: "/home/ada/.kube/config", failed: "ENOENT: no such file" }] },
    ],
    ["$ cat kc\nkind: Config\nusers: [\n", { files: [{ path: "kc", text: "kind: Config\nusers: [" }] }],
  ],
  environment: [
    ["$ env\nHOME=/home/ada\nAWS_PROFILE=dev\n", { HOME: "/home/ada", AWS_PROFILE: "dev" }],
    ['$ export -p\ndeclare -x AWS_PROFILE="dev team"\n', { AWS_PROFILE: "dev team" }],
    [
      "PS C:\\> Get-ChildItem Env:\n\nName                           Value\n----                           -----\nAWS_PROFILE                    dev\nCLIENTNAME                     \n",
      { AWS_PROFILE: "dev", CLIENTNAME: "" },
    ],
  ],
  awsConfig: [
    [
      "$ cat ~/.aws/config\n[default]\nregion = eu-west-1\n\n[profile dev]\nrole_arn = x\n",
      { path: "~/.aws/config", text: "[default]\nregion = eu-west-1\n\n[profile dev]\nrole_arn = x\n" },
    ],
    ["$ cat /home/ada/.aws/config\n", { path: "/home/ada/.aws/config", text: "" }],
    [
      "$ cat ~/.aws/config\ncat: ~/.aws/config: No such file or directory",
      { failed: "ENOENT: no such file" },
    ],
  ],
  awsCredentials: [
    [
      "[dev]\naws_access_key_id = ***\n",
      { path: "~/.aws/credentials", text: "[dev]\naws_access_key_id = ***\n" },
    ],
  ],
  sourceFiles: UNSEEN,
  execCommand: [
    [
      "$ which aws\n/usr/local/bin/aws\n$ aws --version\naws-cli/2.36.7 Python/3.14.2\n",
      { command: "aws", resolved: "/usr/local/bin/aws", version: "aws-cli/2.36.7 Python/3.14.2" },
    ],
    ["% which aws\naws not found\n", { command: "aws", resolved: null }],
  ],
  pluginRun: [
    [
      '$ aws eks get-token --cluster-name lab\n\nUnable to locate credentials. You can configure credentials by running "aws configure".\n',
      {
        exitCode: 1,
        stderr: 'Unable to locate credentials. You can configure credentials by running "aws configure".',
      },
    ],
    [
      '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"***"}}',
      {
        exitCode: 0,
        stderr: "",
        credential: { apiVersion: "client.authentication.k8s.io/v1", hasToken: true },
      },
    ],
  ],
  token: [
    [
      JSON.stringify({
        kind: "ExecCredential",
        apiVersion: "client.authentication.k8s.io/v1",
        status: { token: "k8s-aws-v1.x" },
      }),
      {
        bytes: 12,
        problems: [{ step: 3, problem: "the part after the prefix is not base64url without padding" }],
      },
    ],
    [
      '{"apiVersion":"vouch.kubectl/v1","kind":"TokenExplanation","bytes":9,"problems":[],"acceptable":true}',
      { bytes: 9, problems: [] },
    ],
  ],
  callerIdentity: [
    [
      '{\n    "UserId": "AROAX:ada",\n    "Account": "111122223333",\n    "Arn": "arn:aws:sts::111122223333:assumed-role/Dev/ada"\n}',
      { UserId: "AROAX:ada", Account: "111122223333", Arn: "arn:aws:sts::111122223333:assumed-role/Dev/ada" },
    ],
    [
      "$ aws sts get-caller-identity --profile dev\n\nThe config profile (dev) could not be found\n",
      { failed: "The config profile (dev) could not be found" },
    ],
  ],
  tokenNames: UNSEEN,
  vouch: [
    [
      '{"apiVersion":"vouch.kubectl/v1","kind":"Status","authenticated":true,"server":"https://us.vouch.sh","email":"ada@example.com"}',
      { server: "https://us.vouch.sh", loggedIn: true, identity: "ada@example.com" },
    ],
  ],
  securityKeys: UNSEEN,
  clocks: UNSEEN,
  network: UNSEEN,
  apiServer: [
    [
      '$ kubectl get --raw /api\n{"kind":"APIVersions","versions":["v1"]}\n',
      { status: 200, isKubernetes: true },
    ],
    [
      "$ kubectl get --raw /api\nerror: You must be logged in to the server (Unauthorized)\n",
      {
        status: 401,
        message: "error: You must be logged in to the server (Unauthorized)",
        isKubernetes: true,
      },
    ],
    [
      '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}',
      { status: 401, message: "Unauthorized", isKubernetes: true },
    ],
  ],
  cluster: [
    [
      "$ aws eks describe-cluster --name lab\n\nAn error occurred (ResourceNotFoundException) when calling the DescribeCluster operation: No cluster found for name: lab.\n",
      {
        failed:
          "An error occurred (ResourceNotFoundException) when calling the DescribeCluster operation: No cluster found for name: lab.",
      },
    ],
    ['{ "cluster": { "name": "lab", "outpostConfig": null } }', { cluster: { name: "lab" } }],
    ["cluster:\n  name: lab\n", { cluster: { name: "lab" } }],
  ],
  clusters: [['{ "clusters": ["lab"] }', { clusters: ["lab"] }]],
  accessEntries: [['{ "accessEntries": [] }', { accessEntries: [] }]],
  accessEntryDetails: [
    [
      `{"accessEntry":{"principalArn":"${ARN}"}}\n{"accessEntry":{"principalArn":"${ARN}2"}}`,
      [{ accessEntry: { principalArn: ARN } }, { accessEntry: { principalArn: `${ARN}2` } }],
    ],
  ],
  associatedPolicies: [
    [
      `{"associatedAccessPolicies":[],"clusterName":"lab","principalArn":"${ARN}"}`,
      [{ associatedAccessPolicies: [], clusterName: "lab", principalArn: ARN }],
    ],
  ],
  role: [
    [
      `{"Role":{"Arn":"${ARN}","PermissionsBoundary":null}}`,
      { Role: { Arn: ARN, PermissionsBoundary: null } },
    ],
  ],
  roles: [[`{"Roles":[{"Arn":"${ARN}"}]}`, { Roles: [{ Arn: ARN }] }]],
  user: [
    [
      '{"User":{"Arn":"arn:aws:iam::111122223333:user/ada"}}',
      { User: { Arn: "arn:aws:iam::111122223333:user/ada" } },
    ],
  ],
  clusterCreator: [
    [
      JSON.stringify({
        Events: [
          {
            EventName: "CreateCluster",
            CloudTrailEvent: JSON.stringify({ userIdentity: { type: "Root", arn: ARN } }),
          },
        ],
      }),
      { Arn: ARN, source: "cloudtrail" },
    ],
  ],
  workload: [
    [
      `{"associations":[{"clusterName":"lab","namespace":"web","serviceAccount":"api","associationArn":"a","roleArn":"${ARN}"}]}`,
      { kind: "pod", namespace: "web", serviceAccount: "api", podIdentityRole: ARN },
    ],
  ],
  securityGroups: [
    [
      '{"SecurityGroups":[{"GroupId":"sg-1","IpPermissions":[]}]}',
      { SecurityGroups: [{ GroupId: "sg-1", IpPermissions: [] }] },
    ],
  ],
  routeTables: [['{"RouteTables":[{"Routes":[]}]}', { RouteTables: [{ Routes: [] }] }]],
  vpcAttributes: [
    [
      '{"VpcId":"vpc-1","EnableDnsSupport":{"Value":true}}\n{"VpcId":"vpc-1","EnableDnsHostnames":{"Value":false}}',
      [
        { VpcId: "vpc-1", EnableDnsSupport: { Value: true } },
        { VpcId: "vpc-1", EnableDnsHostnames: { Value: false } },
      ],
    ],
  ],
  openIdConnectProviders: [
    ['{"OpenIDConnectProviderList":[{"Arn":"arn"}]}', { OpenIDConnectProviderList: [{ Arn: "arn" }] }],
  ],
  awsAuth: [
    [
      "$ kubectl -n kube-system get cm aws-auth -o yaml\napiVersion: v1\ndata:\n  mapRoles: |\n    - rolearn: x\nkind: ConfigMap\nmetadata:\n  name: aws-auth\n",
      {
        apiVersion: "v1",
        data: { mapRoles: "- rolearn: x\n" },
        kind: "ConfigMap",
        metadata: { name: "aws-auth" },
      },
    ],
    [
      '$ kubectl -n kube-system get cm aws-auth\nError from server (NotFound): configmaps "aws-auth" not found\n',
      null,
    ],
    ["mapRoles: |\n  - rolearn: x\n", { data: { mapRoles: "- rolearn: x\n" } }],
  ],
  selfSubjectReview: [
    [
      "$ kubectl auth whoami\nATTRIBUTE                                   VALUE\nUsername                                    ada\nUID                                         aws-iam-authenticator:1:A\nGroups                                      [devs system:authenticated]\nExtra: arn                                  [arn:aws:sts::1:assumed-role/Dev/ada]\n",
      {
        status: {
          userInfo: {
            username: "ada",
            uid: "aws-iam-authenticator:1:A",
            groups: ["devs", "system:authenticated"],
            extra: { arn: ["arn:aws:sts::1:assumed-role/Dev/ada"] },
          },
        },
      },
    ],
  ],
  accessReviews: [
    [
      "$ kubectl auth can-i list pods -n web\nno\n$ kubectl auth can-i get /metrics\nyes\n",
      [
        {
          spec: { resourceAttributes: { verb: "list", group: "", resource: "pods", namespace: "web" } },
          status: { allowed: false },
        },
        { spec: { nonResourceAttributes: { verb: "get", path: "/metrics" } }, status: { allowed: true } },
      ],
    ],
  ],
  rbac: [
    [
      "$ kubectl get clusterroles,clusterrolebindings,roles,rolebindings -A -o yaml\napiVersion: v1\nitems:\n- apiVersion: rbac.authorization.k8s.io/v1\n  kind: ClusterRole\n  metadata:\n    name: view\n  rules: []\nkind: List\n",
      {
        items: [
          {
            apiVersion: "rbac.authorization.k8s.io/v1",
            kind: "ClusterRole",
            metadata: { name: "view" },
            rules: [],
          },
        ],
      },
    ],
  ],
  namespaces: [
    [
      '{"kind":"NamespaceList","items":[{"metadata":{"name":"web"}}]}',
      { items: [{ metadata: { name: "web" }, kind: "Namespace" }] },
    ],
  ],
  identityProviders: [
    [
      '{"identityProviderConfig":{"oidc":{"clientId":"x"}}}',
      [{ identityProviderConfig: { oidc: { clientId: "x" } } }],
    ],
  ],
};

describe("a piece that is pasted", () => {
  for (const [part, samples] of Object.entries(SAMPLES))
    for (const [text, expected] of samples ?? [])
      it(`is known as ${part}: ${text.slice(0, 50).replaceAll("\n", " ")}`, () => {
        const { evidence, taken } = readPasted([{ text }], NOW);
        assert.deepEqual(evidence[part as EvidencePart], expected, JSON.stringify(taken));
      });
});
