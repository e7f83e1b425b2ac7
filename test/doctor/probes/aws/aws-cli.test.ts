import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { PROBES } from "../../../../doctor/probes/all.ts";
import { openAwsSession } from "../../../../doctor/probes/aws/aws.ts";
import { callerCredentials } from "../../../../doctor/probes/aws/caller-credentials.ts";
import { readCalledContext } from "../../../../doctor/probes/called-context.ts";
import type { ProbeHost, RunOptions, RunResult } from "../../../../doctor/probes/probe-host.ts";
import { onPosix } from "../../../support/platform.ts";
import { askingWith, ended, fakeProbeHost } from "../../support/fake-probe-host.ts";
import { evidenceWith, KUBECONFIG, kubeconfigOf } from "../../support/kubeconfig-of.ts";

const DEV = "arn:aws:iam::111122223333:role/Dev";
const ARN = "arn:aws:sts::111122223333:assumed-role/Dev/botocore-session-1";

/** Words of AWS CLI 1.45.11, which knows no `configure export-credentials`. */
const NO_SUCH_COMMAND = ended({
  exitCode: 2,
  stderr:
    "usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]\naws: error: argument subcommand: Invalid choice, valid choices are:\n\nlist                                     | get                                     \nset                                      | add-model                               \n",
});

/** Answers of an AWS CLI 1, by the command; times as it prints them. */
const ANSWERS: Readonly<Record<string, object>> = {
  "sts get-caller-identity": { UserId: "AROADEV:x", Account: "111122223333", Arn: ARN },
  "sts assume-role": {
    Credentials: {
      AccessKeyId: "ASIAcli",
      SecretAccessKey: "secret of cli",
      SessionToken: "session",
      Expiration: "2026-01-15T13:00:00Z",
    },
  },
  "eks list-clusters": { clusters: ["lab", "prod"] },
  "eks describe-cluster": { cluster: { name: "lab", status: "ACTIVE", createdAt: 1_700_000_000.5 } },
  "eks list-access-entries": { accessEntries: [DEV] },
  "eks describe-access-entry": { accessEntry: { principalArn: DEV, kubernetesGroups: ["dev"] } },
  "eks list-associated-access-policies": {
    clusterName: "lab",
    principalArn: DEV,
    associatedAccessPolicies: [],
  },
  "eks list-identity-provider-configs": { identityProviderConfigs: [{ type: "oidc", name: "corp" }] },
  "eks describe-identity-provider-config": { identityProviderConfig: { oidc: { clientId: "kubernetes" } } },
  "iam get-role": { Role: { Arn: DEV, AssumeRolePolicyDocument: { Version: "2012-10-17" } } },
  "iam list-open-id-connect-providers": { OpenIDConnectProviderList: [] },
};

const CONFIG = `[profile dev]\nrole_arn = ${DEV}\nsource_profile = sso\n[profile sso]\nsso_start_url = https://corp.awsapps.com/start\n`;

interface Given {
  readonly exec?: object;
  readonly answers?: (command: string) => RunResult | undefined;
}

describe("an AWS CLI that does not hand out its credentials", () => {
  let folder: string;
  let started: { readonly command: string; readonly env: RunOptions["env"] }[] = [];
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "doctor-cli-"));
    fs.writeFileSync(path.join(folder, "aws"), "", { mode: 0o755 });
  });
  after(() => fs.rmSync(folder, { recursive: true }));
  beforeEach(() => {
    started = [];
  });

  /** What a probe asks with, on a machine that has such a CLI. */
  async function asking({ exec = {}, answers = () => undefined }: Given = {}) {
    const block = {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: "aws",
      args: ["--region", "eu-west-1", "eks", "get-token", "--cluster-name", "lab", "--profile", "dev"],
      ...exec,
    };
    const files: Readonly<Record<string, string>> = {
      [KUBECONFIG]: kubeconfigOf({ user: { exec: block } }),
      "/home/ada/.aws/config": CONFIG,
    };
    const run: ProbeHost["run"] = async (program, { env }) => {
      const args = program.args.join(" ");
      started.push({ command: args, env });
      if (args.startsWith("configure export-credentials")) return NO_SUCH_COMMAND;
      const command = args.split(" ").slice(0, 2).join(" ");
      return answers(command) ?? ended({ stdout: `${JSON.stringify(ANSWERS[command])}\n` });
    };
    const host = fakeProbeHost({ env: { PATH: folder }, readText: (file) => files[file], run });
    const start = evidenceWith({ environment: {} });
    const evidence = {
      ...start,
      awsConfig: await PROBES.awsConfig.ask(askingWith({ evidence: start, host })),
      awsCredentials: await PROBES.awsCredentials.ask(askingWith({ evidence: start, host })),
    } as typeof start;
    return askingWith({ evidence, host });
  }

  async function session(given?: Given) {
    const opened = await openAwsSession(await asking(given));
    assert.ok(opened);
    return opened;
  }

  onPosix("programs", "says itself who the caller is", async () => {
    assert.deepEqual(await PROBES.callerIdentity.ask(await asking()), ANSWERS["sts get-caller-identity"]);
    assert.deepEqual(
      started.map(({ command }) => command),
      [
        "configure export-credentials --format process --profile dev",
        "sts get-caller-identity --region eu-west-1 --output json --profile dev",
      ],
    );
  });

  onPosix("programs", "is asked everything that the doctor asks of AWS, in the same shape", async () => {
    const { ask } = await session();
    const answers = {
      describeCluster: await ask((aws) => aws.describeCluster("lab")),
      listClusters: await ask((aws) => aws.listClusters()),
      listAccessEntries: await ask((aws) => aws.listAccessEntries("lab")),
      describeAccessEntry: await ask((aws) => aws.describeAccessEntry("lab", DEV)),
      listAssociatedPolicies: await ask((aws) => aws.listAssociatedPolicies("lab", DEV)),
      identityProviders: await ask((aws) => aws.identityProviders("lab")),
      getRole: await ask((aws) => aws.getRole("Dev")),
      listOpenIdConnectProviders: await ask((aws) => aws.listOpenIdConnectProviders()),
    };
    assert.deepEqual(answers, {
      describeCluster: ANSWERS["eks describe-cluster"],
      listClusters: ["lab", "prod"],
      listAccessEntries: [DEV],
      describeAccessEntry: ANSWERS["eks describe-access-entry"],
      listAssociatedPolicies: ANSWERS["eks list-associated-access-policies"],
      identityProviders: [ANSWERS["eks describe-identity-provider-config"]],
      getRole: ANSWERS["iam get-role"],
      listOpenIdConnectProviders: { OpenIDConnectProviderList: [] },
    });
    const common = "--region eu-west-1 --output json --profile dev";
    assert.deepEqual(
      started.slice(1).map(({ command }) => command.replace(` ${common}`, "")),
      [
        "eks describe-cluster --name lab",
        "eks list-clusters",
        "eks list-access-entries --cluster-name lab",
        `eks describe-access-entry --cluster-name lab --principal-arn ${DEV}`,
        `eks list-associated-access-policies --cluster-name lab --principal-arn ${DEV}`,
        "eks list-identity-provider-configs --cluster-name lab",
        `eks describe-identity-provider-config --cluster-name lab --identity-provider-config {"type":"oidc","name":"corp"}`,
        "iam get-role --role-name Dev",
        "iam list-open-id-connect-providers",
      ],
    );
  });

  onPosix("programs", "assumes the role of the exec block, and then is not asked any more", async () => {
    const exec = {
      args: ["--region", "eu-west-1", "eks", "get-token", "--cluster-name", "lab", "--role", DEV],
    };
    const env = [{ name: "AWS_PROFILE", value: "sso" }];
    const given = await asking({ exec: { ...exec, env } });
    const call = readCalledContext(given.evidence, given.host);
    assert.ok(call);
    const { accessKeyId, sessionToken } = await callerCredentials({ ...given, call });
    assert.deepEqual([accessKeyId, sessionToken], ["ASIAcli", "session"]);
    const { command, env: environment } = started[1] ?? assert.fail();
    assert.match(
      command,
      /^sts assume-role --role-arn \S+ --role-session-name doctor-\d+ --region eu-west-1 --output json$/,
    );
    assert.equal(environment["AWS_PROFILE"], "sso");
  });

  onPosix("programs", "is refused in AWS's own words", async () => {
    const stderr = `\nAn error occurred (AccessDeniedException) when calling the ListClusters operation (reached max retries: 2): User: ${ARN} is not authorized to perform: eks:ListClusters on resource: *\n`;
    const { ask } = await session({ answers: () => ended({ exitCode: 254, stderr }) });
    await assert.rejects(
      ask((aws) => aws.listClusters()),
      {
        message: `AccessDeniedException: User: ${ARN} is not authorized to perform: eks:ListClusters on resource: *`,
      },
    );
  });

  const REASONS = {
    "has none": [
      '\nUnable to locate credentials. You can configure credentials by running "aws configure".\n',
      'no AWS credentials for the call: Unable to locate credentials. You can configure credentials by running "aws configure".',
    ],
    "reaches nobody": [
      '\nCould not connect to the endpoint URL: "https://eks.eu-west-1.amazonaws.com/clusters"\n',
      'Could not connect to the endpoint URL: "https://eks.eu-west-1.amazonaws.com/clusters"',
    ],
    "is too old for access entries": [
      NO_SUCH_COMMAND.stderr,
      "this AWS CLI does not support aws eks list-clusters",
    ],
  } as const;
  for (const [what, [stderr, message]] of Object.entries(REASONS))
    onPosix("programs", `says so when it ${what}`, async () => {
      const { ask } = await session({ answers: () => ended({ exitCode: 2, stderr }) });
      await assert.rejects(
        ask((aws) => aws.listClusters()),
        { message },
      );
    });

  onPosix("programs", "is not started again once it has said that it has no credentials", async () => {
    const stderr = "\nError when retrieving credentials from container-role: no answer\n";
    const { ask } = await session({ answers: () => ended({ exitCode: 255, stderr }) });
    for (const _ of [1, 2])
      await assert.rejects(
        ask((aws) => aws.listClusters()),
        { message: `no AWS credentials for the call: ${stderr.trim()}` },
      );
    assert.equal(started.length, 2);
  });

  onPosix("programs", "does not ask whom a kubeconfig names, nor read what a name points to", async () => {
    const receivers = [
      "AWS_ENDPOINT_URL",
      "AWS_ENDPOINT_URL_EKS",
      "AWS_CA_BUNDLE",
      "AWS_DATA_PATH",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
      "HTTPS_PROXY",
      "no_proxy",
    ];
    const below = {
      AWS_CONFIG_FILE: "/evil/.aws/config",
      AWS_SHARED_CREDENTIALS_FILE: "/evil/.aws/credentials",
    };
    for (const [file, leadsTo] of [
      ["AWS_CONFIG_FILE", { AWS_CONFIG_FILE: "/evil" }],
      ["AWS_SHARED_CREDENTIALS_FILE", { AWS_SHARED_CREDENTIALS_FILE: "/evil" }],
      ["HOME", below],
    ] as const) {
      const env = [...receivers, file].map((name) => ({ name, value: "/evil" }));
      const { ask } = await session({ exec: { env } });
      await ask((aws) => aws.listClusters());
      assert.deepEqual(started.at(-1)?.env, {
        PATH: folder,
        ...leadsTo,
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
      });
    }
    const { ask } = await session({});
    const before = started.length;
    for (const name of ["file:///home/ada/.ssh/id_ed25519", "--endpoint-url", "https://example.com"])
      await assert.rejects(
        ask((aws) => aws.describeCluster(name)),
        { message: `${name} was not passed to aws eks describe-cluster` },
      );
    assert.equal(started.length, before);
  });
});
