/**
 * The answers of the AWS stand-in beside those of moto, which others made: the same calls of the real AWS CLI to both, and
 * the members and types of what it reads.
 *
 * Needs both AWS CLIs on PATH, with `moto[server]` in the Python of version 1. No network but loopback.
 */
import assert from "node:assert/strict";
import { succeeded } from "../../end-to-end/lab-person.ts";
import { type AwsCliLab, startAwsCliLab } from "./aws-cli-lab.ts";
import { type Moto, startMoto } from "./moto.ts";
import { answered, type OperationCase, wordsOf } from "./operation-case.ts";
import { QUERY_CASES } from "./query-cases.ts";

const DOCUMENT = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "sts:AssumeRole" },
  ],
});
const CLUSTER = [
  ...["eks", "create-cluster", "--name", "lab", "--role-arn", "arn:aws:iam::111122223333:role/eks-cluster"],
  ...["--resources-vpc-config", "subnetIds=subnet-1,securityGroupIds=sg-1"],
];
/** What the stand-in's world has from the start. */
const MADE: readonly (readonly string[])[] = [
  ["iam", "create-role", "--role-name", "VouchDeveloper", "--assume-role-policy-document", DOCUMENT],
  CLUSTER,
];

/** Operations that moto has, each by the first case that is answered. */
const CASES: readonly OperationCase[] = [
  ...[
    ...["sts:GetCallerIdentity", "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"],
    ...["iam:GetRole", "iam:ListRoles", "iam:ListOpenIDConnectProviders", "iam:GetOpenIDConnectProvider"],
  ].map((name) => {
    const found = QUERY_CASES.find(({ operation, answer }) => operation === name && answer !== undefined);
    return found ?? assert.fail(`${name} has no case`);
  }),
  answered("iam:GetUser", ["iam", "get-user", "--user-name", "lab-admin"], {}),
  answered("eks:ListClusters", ["eks", "list-clusters"], {}),
  answered("eks:DescribeCluster", ["eks", "describe-cluster", "--name", "lab"], {}),
];

const NOT_IN_MOTO = "moto is older than this part of EKS";
const NO_VPC = "moto keeps what CreateCluster said of the network, and adds nothing";
const NO_TOKEN = "moto does not read the token";

/** Where the two differ, and why: `-` moto lacks it, `+` the stand-in lacks it. */
const DIFFERENCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "sts:AssumeRoleWithWebIdentity": {
    "- Audience: string": NO_TOKEN,
    "- Provider: string": NO_TOKEN,
    "- SubjectFromWebIdentityToken: string": NO_TOKEN,
    "- SourceIdentity: string": NO_TOKEN,
  },
  "sts:AssumeRole": { "- SourceIdentity: string": "moto does not read --source-identity" },
  "eks:DescribeCluster": {
    "- cluster.accessConfig: object": NOT_IN_MOTO,
    "- cluster.accessConfig.authenticationMode: string": NOT_IN_MOTO,
    "- cluster.health: object": NOT_IN_MOTO,
    "- cluster.health.issues: array": NOT_IN_MOTO,
    "- cluster.upgradePolicy: object": NOT_IN_MOTO,
    "- cluster.upgradePolicy.supportType: string": NOT_IN_MOTO,
    "- cluster.kubernetesNetworkConfig.ipFamily: string": NOT_IN_MOTO,
    "- cluster.resourcesVpcConfig.clusterSecurityGroupId: string": NO_VPC,
    "- cluster.resourcesVpcConfig.vpcId: string": NO_VPC,
    "- cluster.resourcesVpcConfig.endpointPublicAccess: boolean": NO_VPC,
    "- cluster.resourcesVpcConfig.endpointPrivateAccess: boolean": NO_VPC,
    "- cluster.resourcesVpcConfig.publicAccessCidrs: array": NO_VPC,
    "- cluster.resourcesVpcConfig.publicAccessCidrs[]: string": NO_VPC,
    "+ cluster.resourcesVpcConfig.securityGroupIds[]: string": "the stand-in's cluster has none of its own",
    "+ cluster.clientRequestToken: string": "the world does not keep how a cluster was made",
    "+ cluster.encryptionConfig: array": "EKS gives it only where secrets are encrypted with a key",
  },
};

describe("the AWS stand-in beside moto", () => {
  let lab: AwsCliLab;
  let moto: Moto;

  before(async () => {
    lab = await startAwsCliLab();
    const [{ cli } = assert.fail("there is no CLI")] = lab.clis;
    moto = await startMoto(cli, lab.standIn.world.accountId);
    const { issuer } = lab.freshStage();
    const provider = ["iam", "create-open-id-connect-provider", "--url", issuer.url];
    const user = ["iam", "create-user", "--user-name", "lab-admin"];
    const more = ["--client-id-list", issuer.url, "--thumbprint-list", "0".repeat(40)];
    for (const words of [...MADE, user, [...provider, ...more]]) await motoTells(words);
  });
  after(async () => {
    await moto.close();
    await lab.close();
  });

  async function tell(words: readonly string[], env: Readonly<Record<string, string>>): Promise<unknown> {
    const [{ session } = assert.fail("there is no CLI")] = lab.clis;
    return JSON.parse(succeeded(await session.run(words, env)));
  }
  function motoTells(words: readonly string[]): Promise<unknown> {
    const { HTTPS_PROXY: _, ...env } = lab.env;
    return tell(words, { ...env, AWS_ENDPOINT_URL: moto.url });
  }

  for (const operation of CASES) {
    it(`answers ${operation.operation} alike`, async () => {
      const stage = lab.freshStage();
      operation.prepare?.(stage);
      const words = wordsOf(operation, stage);
      const ours = membersOf(await tell(words, lab.env));
      const theirs = membersOf(await motoTells(words));
      const differences = [
        ...[...ours].filter((member) => !theirs.has(member)).map((member) => `- ${member}`),
        ...[...theirs].filter((member) => !ours.has(member)).map((member) => `+ ${member}`),
      ];
      assert.deepEqual(differences.sort(), Object.keys(DIFFERENCES[operation.operation] ?? {}).sort());
    });
  }
});

/** `cluster.tags: object` and so on: where something stands, and of what type it is. A policy document is one thing. */
function membersOf(value: unknown, path = ""): Set<string> {
  const isList = Array.isArray(value);
  const own = path === "" ? [] : [`${path}: ${isList ? "array" : typeof value}`];
  if (typeof value !== "object" || value === null || path.endsWith("PolicyDocument")) return new Set(own);
  const inner = Object.entries(value).flatMap(([name, item]) => {
    const place = isList ? `${path}[]` : path === "" ? name : `${path}.${name}`;
    return [...membersOf(item, place)];
  });
  return new Set([...own, ...inner]);
}
