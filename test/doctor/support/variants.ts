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

/** A case as its file states it: a part may be short. */
interface ShortCase {
  readonly kubeconfig?: ShortKubeconfig | { readonly files: unknown };
  readonly cluster?: ShortCluster | { readonly cluster: unknown };
}

/** One context of the cluster, by `aws eks get-token`, but for what is stated. */
interface ShortKubeconfig {
  readonly path: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly server?: string;
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

/** The bundle of a case, each part in its place. */
function writtenOut(short: ShortCase): object {
  const { kubeconfig, cluster } = short;
  const long = {
    ...short,
    ...(cluster !== undefined && "mode" in cluster && { cluster: { cluster: describedCluster(cluster) } }),
    ...(kubeconfig !== undefined &&
      "path" in kubeconfig && {
        kubeconfig: {
          files: [{ path: kubeconfig.path, text: usualKubeconfig(kubeconfig, cluster as ShortCluster) }],
        },
      }),
  };
  return { apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence", ...long };
}

function describedCluster(cluster: ShortCluster) {
  const { arn, version, platformVersion, createdAt, mode, resourcesVpcConfig } = cluster;
  return {
    name: placeOf(arn).name,
    arn,
    status: "ACTIVE",
    version,
    platformVersion,
    createdAt,
    endpoint: endpointOf(cluster),
    accessConfig: { authenticationMode: mode },
    resourcesVpcConfig,
  };
}

function endpointOf({ arn, id }: ShortCluster): string | undefined {
  const domain = arn.startsWith("arn:aws-cn:") ? "amazonaws.com.cn" : "amazonaws.com";
  return id && `https://${id}.${placeOf(arn).region}.eks.${domain}`;
}

function placeOf(arn: string) {
  const [, region = "", name = ""] = /:eks:([^:]+):\d+:cluster\/(.+)$/.exec(arn) ?? [];
  return { region, name };
}

function usualKubeconfig(short: ShortKubeconfig, cluster: ShortCluster): string {
  const { region, name } = placeOf(cluster.arn);
  const { user = name, namespace, profile } = short;
  const usual = `--region, ${region}, eks, get-token, --cluster-name, ${name}, --output, json`;
  return `apiVersion: v1
kind: Config
current-context: ${name}
clusters:
- name: ${name}
  cluster:
    server: ${short.server ?? endpointOf(cluster)}
    certificate-authority-data: DATA+OMITTED
contexts:
- name: ${name}
  context: { cluster: ${name}, user: ${user}${namespace ? `, namespace: ${namespace}` : ""} }
users:
- name: ${user}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: ${short.command ?? "aws"}
      args: [${short.args ?? usual}]
${profile ? `      env: [{ name: AWS_PROFILE, value: ${profile} }]\n` : ""}`;
}
