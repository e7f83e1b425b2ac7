import fs from "node:fs";
import { parse } from "yaml";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { readEvidence } from "../../../doctor/evidence/read-evidence.ts";

const FOLDER = new URL("../variants/", import.meta.url);

/** A case that people put together, and the row of the catalogue that it is. */
export interface Variant {
  readonly name: string;
  readonly row: string;
  readonly bundle: DoctorEvidence;
}

/** Cases that were collected before the rules which judge them: `variants/README.md`. */
export const VARIANTS: readonly Variant[] = fs
  .readdirSync(FOLDER)
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => ({
    name: file.replace(".yaml", ""),
    row: file.split("-")[0] ?? "",
    bundle: readEvidence(JSON.stringify(writtenOut(parse(fs.readFileSync(new URL(file, FOLDER), "utf8"))))),
  }));

/** A case as its file states it: what is usual may be short. */
interface ShortCase {
  /** The command that the API server answered with 401. */
  readonly unauthorized?: string;
  readonly kubeconfig?: ShortKubeconfig | { readonly files: unknown };
  /** The account is the one of the ARN. */
  readonly callerIdentity?: { readonly Arn?: string; readonly Account?: string } | null;
  readonly cluster?: ShortCluster | { readonly cluster: Called };
}

/** One context of the cluster, by `aws eks get-token`, but for what is stated. */
interface ShortKubeconfig {
  readonly path: string;
  readonly context?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly server?: string;
  readonly ca?: string;
  readonly command?: string;
  readonly args?: string;
  readonly profile?: string;
}

/** An active cluster. */
interface ShortCluster {
  readonly arn: string;
  readonly version: string;
  readonly platformVersion?: string;
  readonly createdAt?: string;
  /** What its endpoint has before the region. */
  readonly id?: string;
  readonly mode: string;
  readonly resourcesVpcConfig?: object;
}

/** What a kubeconfig has of a cluster. */
interface Called {
  readonly name?: string | undefined;
  readonly endpoint?: string | undefined;
}

/** The bundle of a case, each part in its place. */
function writtenOut(short: ShortCase): object {
  const { cluster = { cluster: {} } } = short;
  const called = "mode" in cluster ? describedCluster(cluster) : cluster.cluster;
  const parts = Object.entries(short).map(([name, part]) => {
    if (name === "unauthorized") return ["question", unauthorized(part)];
    if (name === "cluster" && "mode" in part) return [name, { cluster: called }];
    if (name === "callerIdentity" && part?.Arn && !part.Account) return [name, withAccount(part)];
    if (name !== "kubeconfig" || !("path" in part)) return [name, part];
    return [name, { files: [{ path: part.path, text: usualKubeconfig(part, called) }] }];
  });
  return { apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence", ...Object.fromEntries(parts) };
}

function unauthorized(command: string): object {
  return { command, exitCode: 1, stderr: "error: You must be logged in to the server (Unauthorized)" };
}

function withAccount({ Arn, ...rest }: { readonly Arn: string }): object {
  return { ...rest, Account: Arn.split(":")[4], Arn };
}

function describedCluster({ arn, version, platformVersion, createdAt, id, mode, ...rest }: ShortCluster) {
  const [, region, name] = /:eks:([^:]+):\d+:cluster\/(.+)$/.exec(arn) ?? [];
  const domain = arn.startsWith("arn:aws-cn:") ? "amazonaws.com.cn" : "amazonaws.com";
  return {
    name,
    arn,
    status: "ACTIVE",
    version,
    platformVersion,
    createdAt,
    endpoint: id && `https://${id}.${region}.eks.${domain}`,
    accessConfig: { authenticationMode: mode },
    ...rest,
  };
}

function usualKubeconfig(short: ShortKubeconfig, called: Called): string {
  const { context = called.name, user = context, namespace, server = called.endpoint, profile } = short;
  const [, region] = /\.([\w-]+)\.eks\./.exec(server ?? "") ?? [];
  const usual = `--region, ${region}, eks, get-token, --cluster-name, ${called.name ?? context}, --output, json`;
  return `apiVersion: v1
kind: Config
current-context: ${context}
clusters:
- name: ${context}
  cluster:
    server: ${server}
    certificate-authority-data: ${short.ca ?? "DATA+OMITTED"}
contexts:
- name: ${context}
  context: { cluster: ${context}, user: ${user}${namespace ? `, namespace: ${namespace}` : ""} }
users:
- name: ${user}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: ${short.command ?? "aws"}
      args: [${short.args ?? usual}]
${profile ? `      env: [{ name: AWS_PROFILE, value: ${profile} }]\n` : ""}`;
}
