import { textMember } from "../../../token/record.ts";
import { type ClusterJson, type DoctorEvidence, failureOf } from "../../evidence/evidence.ts";
import type { EffectiveContext } from "./effective-context.ts";
import type { ExecBlock } from "./exec-block.ts";

/** The cluster entry in force, as far as it can be read. */
export interface KubeconfigCluster {
  readonly server: string;
  /** Host and port of `server`, in lower case. */
  readonly host: string;
  readonly port: number;
  /** Whether `server` is `http://…`. */
  readonly isPlainHttp: boolean;
  readonly caData: string | undefined;
  /** Whether the CA data is only a placeholder of kubectl or a user. */
  readonly isCaLeftOut: boolean;
  /** Whether the CA is in a file, whose content is never in a bundle. */
  readonly hasCaFile: boolean;
  readonly tlsServerName: string | undefined;
  readonly proxyUrl: string | undefined;
  readonly skipsVerification: boolean;
}

/** Reads the cluster entry of a context; undefined if it is missing or its `server` is no URL. */
export function kubeconfigCluster(context: EffectiveContext | undefined): KubeconfigCluster | undefined {
  const body = context?.cluster?.body;
  const server = textMember(body, "server");
  const address = addressOf(server);
  if (body === undefined || server === undefined || address === undefined) return undefined;
  const caData = textMember(body, "certificate-authority-data");
  return {
    server,
    ...address,
    isPlainHttp: new URL(server).protocol === "http:",
    caData,
    isCaLeftOut: isLeftOut(caData),
    hasCaFile: textMember(body, "certificate-authority") !== undefined,
    tlsServerName: textMember(body, "tls-server-name"),
    proxyUrl: textMember(body, "proxy-url"),
    skipsVerification: body["insecure-skip-tls-verify"] === true,
  };
}

/** Host and port of a URL; an IPv6 address is without its brackets. */
export function addressOf(
  url: string | undefined,
): { readonly host: string; readonly port: number } | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === "http:" ? 80 : 443;
  return { host: hostname.toLowerCase().replace(/^\[|\]$/g, ""), port: port === "" ? usual : Number(port) };
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** `<32 hex>.<shard>.<region>.eks.amazonaws.com` and similar. Source: doctor/EKS-ACCESS.md, "Cluster and network". */
const EKS_HOST = /^[0-9a-f]{32}\.\w+\.[a-z0-9-]+\.eks\.[a-z.]+$|^[0-9a-f]{32}\.[\w.-]+\.api\.aws$/;

/** How `server` in the kubeconfig compares with the endpoint of the cluster in EKS. */
export interface EndpointComparison {
  readonly entry: KubeconfigCluster;
  /** `https://…`, as in EKS's answer. */
  readonly endpoint: string;
  readonly endpointHost: string;
  /** Whether they have the same host and port. The port of `http://…` does not count, since the endpoint only has TLS. */
  readonly isSame: boolean;
}

/** What determines both endpoints. */
interface EndpointCase {
  readonly context: EffectiveContext | undefined;
  readonly clusterEntry: KubeconfigCluster | undefined;
  readonly exec: ExecBlock | undefined;
  readonly cluster: ClusterJson | undefined;
}

/** Undefined if one of them is not known, or if EKS described another cluster than the context names. */
export function compareEndpoints(facts: EndpointCase): EndpointComparison | undefined {
  const { context, clusterEntry: entry, exec } = facts;
  if (entry === undefined) return undefined;
  const { cluster } = facts;
  const address = addressOf(cluster?.endpoint);
  if (cluster?.endpoint === undefined || address === undefined) return undefined;
  const arns = [context?.clusterName, context?.name].filter((name) => name?.startsWith("arn:"));
  const isOther =
    arns.some((arn) => cluster.arn !== undefined && arn !== cluster.arn) ||
    (exec?.clusterName !== undefined && exec.clusterName !== cluster.name);
  if (isOther) return undefined;
  const isSame = entry.host === address.host && (entry.port === address.port || entry.isPlainHttp);
  return { entry, endpoint: cluster.endpoint, endpointHost: address.host, isSame };
}

/** Whether a host has the form of an EKS endpoint. */
export function isEksHost(host: string): boolean {
  return EKS_HOST.test(host);
}

/** EKS's error, if it says that there is no such cluster in the region and account of the call. */
export function clusterNotFound(evidence: Pick<DoctorEvidence, "cluster">): string | undefined {
  const failure = failureOf(evidence.cluster);
  const isMissing =
    failure !== undefined && /ResourceNotFoundException|No cluster found for name/.test(failure);
  return isMissing ? failure : undefined;
}

/** Whether a value is a placeholder of `kubectl config view` (`REDACTED`, `DATA+OMITTED`) or of a user. */
export function isLeftOut(value: string | undefined): boolean {
  return /^\W?(?:DATA\+OMITTED|OMITTED|REDACTED)\W?$|\*{3}|\.{3}|…/i.test(value ?? "");
}

/** Common name of the CA that EKS creates for each cluster. Source: doctor/EKS-ACCESS.md, "Cluster and network". */
export const CLUSTER_CA_NAME = "kubernetes";

/**
 * The certificates in `certificate-authority-data`, each as its base64 without line breaks; undefined if the text has no complete
 * one: it is not base64, or cut off.
 */
export function certificatesIn(caData: string): readonly string[] | undefined {
  const blocks = [
    ...(decoded(caData) ?? "").matchAll(/-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END/g),
  ];
  return blocks.length === 0 ? undefined : blocks.map(([, body = ""]) => body.replaceAll(/\s/g, ""));
}

export function decoded(base64: string): string | undefined {
  try {
    return atob(base64);
  } catch {
    return undefined;
  }
}
