import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import {
  ACCOUNT,
  AWS_EXEC,
  ENDPOINT,
  execBlock,
  healthyBundle,
  kubeconfigText,
  pluginFailed,
  unauthorized,
  VOUCH_EXEC,
} from "./bundle.ts";

export const KUBECONFIG = "/home/ada/.kube/config";
export const OTHER_ENDPOINT = "https://FEDCBA9876543210FEDCBA9876543210.gr7.eu-west-1.eks.amazonaws.com";
export const V1ALPHA1 = "client.authentication.k8s.io/v1alpha1";
export const V1BETA1 = "client.authentication.k8s.io/v1beta1";
export const V1 = "client.authentication.k8s.io/v1";

/** kubectl's words for what went wrong before it called the server. */
export function connectError(why: string): string {
  return `E1125 14:08:43.609720 11480 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: Get \\"${ENDPOINT}/api?timeout=32s\\": ${why.replaceAll('"', '\\"')}"\nUnable to connect to the server: ${why}\n`;
}

/** A healthy bundle whose client never got as far as calling the server. */
export function stopped(stderr: string, changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  const failed = "no token";
  return healthyBundle({
    question: { command: "kubectl get pods -n web", exitCode: 1, stderr },
    pluginRun: { failed: "not started" },
    token: { failed },
    tokenNames: { failed },
    callerIdentity: { failed },
    apiServer: { failed },
    selfSubjectReview: { failed },
    accessReviews: { failed },
    ...changes,
  });
}

/** Kubeconfig files, in load order. */
export function files(...texts: readonly string[]): Pick<DoctorEvidence, "kubeconfig"> {
  return {
    kubeconfig: {
      files: texts.map((text, index) => ({
        path: index === texts.length - 1 ? KUBECONFIG : `/work/kc-${index + 1}`,
        text,
      })),
    },
  };
}

/** The healthy kubeconfig, with words exchanged. */
export function edited(
  ...changes: readonly (readonly [string | RegExp, string])[]
): Pick<DoctorEvidence, "kubeconfig"> {
  return files(changes.reduce((text, [from, to]) => text.replace(from, to), kubeconfigText(AWS_EXEC)));
}

const LAB_ARN = `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/lab`;
const NO_VERSION = `json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\"" }`;

/** One bundle for each row K, in which that is what is wrong. */
export const KUBECONFIG_FAULTS = {
  K1: stopped(connectError("getting credentials: exec: executable aws not found"), {
    execCommand: { command: "aws", resolved: null, resolvedForGui: null },
  }),
  K2: stopped(`error: exec plugin: invalid apiVersion "${V1ALPHA1}"\n`, edited([V1BETA1, V1ALPHA1])),
  K3: stopped(
    connectError(
      `getting credentials: exec plugin is configured to use API version ${V1BETA1}, plugin returned version ${V1ALPHA1}`,
    ),
    {
      pluginRun: { exitCode: 0, stderr: "", credential: { apiVersion: V1ALPHA1, hasToken: true } },
      execCommand: {
        command: "aws",
        resolved: "/usr/local/bin/aws",
        executable: true,
        version: "aws-cli/1.16.1",
      },
    },
  ),
  K4: stopped(
    "error: interactiveMode must be specified for lab to use exec authentication plugin\n",
    edited([V1BETA1, V1]),
  ),
  K5: stopped(connectError('getting credentials: plugin "aws" not allowed: policy set to "DenyAll"'), {
    kubeconfig: {
      files: [{ path: KUBECONFIG, text: kubeconfigText(AWS_EXEC) }],
      kuberc: {
        path: "/home/ada/.kube/kuberc",
        text: "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ncredentialPluginPolicy: DenyAll\n",
      },
    },
  }),
  K6: stopped(
    connectError(`getting credentials: decoding stdout: couldn't get version/kind; ${NO_VERSION}`),
    {
      ...edited([", --output, json", ""]),
      environment: { HOME: "/home/ada", PATH: "/usr/local/bin:/usr/bin:/bin", AWS_DEFAULT_OUTPUT: "text" },
      pluginRun: { exitCode: 0, stderr: "", stdoutHead: `${V1BETA1}\tExecCredential` },
    },
  ),
  K7: unauthorized({
    ...files(
      kubeconfigText(AWS_EXEC),
      "current-context: prod\ncontexts: [{name: prod, context: {cluster: prod, user: prod}}]\n",
    ),
    question: {
      command: "aws eks update-kubeconfig --name prod; kubectl get pods",
      exitCode: 1,
      stderr: `Added new context prod to ${KUBECONFIG}\nerror: You must be logged in to the server (Unauthorized)\n`,
    },
  }),
  K8: unauthorized(
    files(`clusters: [{name: lab, cluster: {server: "${OTHER_ENDPOINT}"}}]\n`, kubeconfigText(AWS_EXEC)),
  ),
  K9: healthyBundle({
    question: {
      command: "kubectl --context lab-admin delete pod p -n web",
      exitCode: 1,
      stderr: `Error from server (Forbidden): pods "p" is forbidden: User "arn:aws:sts::${ACCOUNT}:assumed-role/ReadOnly/EKSGetTokenAuth" cannot delete resource "pods" in API group "" in the namespace "web"\n`,
    },
    ...files(sharedUser()),
  }),
  K10: unauthorized({
    ...edited(["--cluster-name, lab", "--cluster-name, prod"]),
    tokenNames: [
      { name: "prod", accepted: true },
      { name: "lab", accepted: false, error: "SignatureDoesNotMatch" },
    ],
  }),
  K11: unauthorized(edited(["    exec:", "    token: '***'\n    exec:"])),
  K12: unauthorized({
    cluster: {
      cluster: {
        name: "lab",
        arn: LAB_ARN,
        id: "0b1d0b1d-0b1d-0b1d-0b1d-0b1d0b1d0b1d",
        endpoint: ENDPOINT,
        status: "ACTIVE",
        outpostConfig: { outpostArns: ["arn:aws:outposts:eu-west-1:111122223333:outpost/op-1"] },
      },
    },
    tokenNames: [{ name: "lab", accepted: true }],
  }),
  K13: stopped(
    `error: error loading config file "${KUBECONFIG}": yaml: mapping values are not allowed in this context\n`,
    {
      ...files("apiVersion: v1\nkind: Config\nclusters: a: b\n"),
      question: {
        command: "kubectl get pods",
        exitCode: 1,
        stderr: `error: error loading config file "${KUBECONFIG}": yaml: mapping values are not allowed in this context\n`,
      },
    },
  ),
  K14: stopped(
    "The connection to the server localhost:8080 was refused - did you specify the right host or port?\n",
    {
      kubeconfig: { files: [{ path: KUBECONFIG, failed: "ENOENT: no such file or directory" }] },
    },
  ),
  K15: unauthorized(edited(["    user: lab\n", "    user: ada\n"])),
  K16: pluginFailed(
    "Traceback (most recent call last):\n  File \"/usr/bin/aws\", line 19, in <module>\n    import awscli.clidriver\nImportError: cannot import name 'docevents' from 'botocore.docs.bcdoc'",
    { changes: { execCommand: { command: "aws", resolved: "/usr/bin/aws", executable: true } } },
  ),
  K18: stopped("Unable to connect to the server: dial tcp 203.0.113.10:80: i/o timeout\n", {
    ...edited(["server: https:", "server: http:"]),
    network: { host: new URL(ENDPOINT).host, port: 80, addresses: ["203.0.113.10"], tcp: "timeout" },
  }),
  K17: pluginFailed(
    "usage: aws [options] <command> <subcommand>\naws: error: the following arguments are required: --cluster-name",
    {
      changes: {
        ...edited(["--cluster-name, lab", '""']),
        pluginRun: {
          exitCode: 252,
          stderr: "usage: aws [options]\naws: error: the following arguments are required: --cluster-name\n",
        },
      },
    },
  ),
} satisfies Readonly<Record<string, DoctorEvidence>>;

/** update-kubeconfig, run for two roles without --user-alias: the second role is in the user of both. */
function sharedUser(): string {
  const role = `arn:aws:iam::${ACCOUNT}:role/ReadOnly`;
  const exec = AWS_EXEC.replace("json]", `json, --role, "${role}"]`).replace(/env:[\s\S]*/, "");
  return kubeconfigText(exec)
    .replaceAll(/(cluster|user|name): lab$/gm, `$1: ${LAB_ARN}`)
    .replace("current-context: lab", "current-context: lab-readonly")
    .replace(
      /contexts:[\s\S]*users:/,
      `${["lab-admin", "lab-readonly"].reduce(
        (text, name) => `${text}- name: ${name}\n  context: {cluster: "${LAB_ARN}", user: "${LAB_ARN}"}\n`,
        "contexts:\n",
      )}users:`,
    );
}

/** A Vouch context whose exec block is this one. */
export function vouchExec(change: (text: string) => string): Pick<DoctorEvidence, "kubeconfig"> {
  return execBlock(change(VOUCH_EXEC));
}
