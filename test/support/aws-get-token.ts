/**
 * Plays `aws` as far as kubectl and a doctor call it: `aws eks get-token`, with the keys of the environment, and `--version`.
 * Prints and exits as AWS CLI 2.36.7 does. Source: doctor/AWS-CREDENTIALS.md, "AWS CLI", "Words of AWS".
 */
import { parseArgs } from "node:util";
import { signEksToken } from "../../token/eks/eks-token.ts";
import { stsHost } from "../../token/hot/sts-host.ts";

/** What it needs in its environment. */
export interface AwsKeyVariables {
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
}

const NO_CREDENTIALS =
  '\nUnable to locate credentials. You can configure credentials by running "aws login".\n';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    region: { type: "string" },
    "cluster-name": { type: "string" },
    output: { type: "string" },
    profile: { type: "string" },
    format: { type: "string" },
    version: { type: "boolean" },
  },
});
const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: session } = process.env;

if (values.version) {
  process.stdout.write("aws-cli/2.36.7 Python/3.14.3 Linux/6.8.0 exe/x86_64\n");
} else if (id === undefined || secret === undefined || values.profile !== undefined) {
  process.stderr.write(NO_CREDENTIALS);
  process.exitCode = 253;
} else if (positionals.join(" ") === "eks get-token") {
  const region = values.region ?? "us-east-1";
  const now = Date.now();
  const request = {
    cluster: values["cluster-name"] ?? "",
    region,
    signedAt: now,
    stsHost: stsHost(region, { fips: false, dualStack: false }) ?? "",
  };
  const credentials = { accessKeyId: id, secretAccessKey: secret, sessionToken: session };
  const status = {
    expirationTimestamp: `${new Date(now + 14 * 60_000).toISOString().slice(0, 19)}Z`,
    token: signEksToken(request, credentials as Parameters<typeof signEksToken>[1]),
  };
  const { apiVersion } = JSON.parse(process.env["KUBERNETES_EXEC_INFO"] ?? "{}") as { apiVersion?: string };
  process.stdout.write(
    `${JSON.stringify({ kind: "ExecCredential", apiVersion: apiVersion ?? "client.authentication.k8s.io/v1beta1", spec: {}, status })}\n`,
  );
} else {
  process.stderr.write("\naws: [ERROR]: the following arguments are required: operation\n");
  process.exitCode = 252;
}
