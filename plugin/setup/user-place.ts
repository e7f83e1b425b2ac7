import { certificateName } from "../../token/hot/cluster-record.ts";
import { execStanza } from "../../token/kubeconfig/exec-stanza.ts";
import type { KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import { asClientGoEncodes } from "../../token/mint/cluster-records.ts";
import { clusterArn, type EksEntry } from "./eks-entry.ts";
import { contextsWith, type KubeconfigDraft } from "./kubeconfig-draft.ts";
import { sameEndpoint } from "./same-endpoint.ts";

/** The contexts of a user entry, and which of them call one cluster. */
export interface UserPlace {
  /** All contexts that name the user. */
  readonly contexts: readonly string[];
  /** Those that call this cluster. */
  readonly here: readonly string[];
  /** Those that call another address, or none that is known. */
  readonly elsewhere: readonly { readonly context: string; readonly server: string }[];
}

/** Compares the endpoint or ARN that the contexts of a user lead to, or the name that the certificate must have. */
export function userPlace(draft: KubeconfigDraft, user: string, entry: EksEntry): UserPlace {
  const contexts = contextsWith(draft, "user", user);
  const here: string[] = [];
  const elsewhere: { context: string; server: string }[] = [];
  for (const context of contexts) {
    const name = clusterOf(draft, context);
    const body = draft.body("clusters", name);
    if (name === clusterArn(entry) || isEndpoint(body, entry)) here.push(context);
    else if (typeof body["server"] === "string") elsewhere.push({ context, server: body["server"] });
  }
  return { contexts, here, elsewhere };
}

function isEndpoint(cluster: KubeRecord, { endpoint }: EksEntry): boolean {
  if (sameEndpoint(cluster["server"], endpoint)) return true;
  const name = cluster["tls-server-name"];
  return (
    typeof name === "string" && name !== "" && name.toLowerCase() === certificateName({ server: endpoint })
  );
}

function clusterOf(draft: KubeconfigDraft, context: string): string {
  return String(draft.body("contexts", context)["cluster"] ?? "");
}

/**
 * Why we would give no token in these contexts, or undefined: setup records the cluster's API server, and a token goes nowhere
 * else. A certificate authority in a file is not checked.
 */
export function clusterObstacle(
  draft: KubeconfigDraft,
  contexts: readonly string[],
  entry: EksEntry,
): string | undefined {
  for (const context of contexts) {
    const name = clusterOf(draft, context);
    const why = obstacleIn(draft.body("clusters", name), entry);
    if (why !== undefined) return `its cluster entry ${name} ${why}`;
  }
  return undefined;
}

function obstacleIn(cluster: KubeRecord, { endpoint, caData }: EksEntry): string | undefined {
  if (cluster["insecure-skip-tls-verify"] === true)
    return "disables certificate verification (insecure-skip-tls-verify), so kubectl-vouch would not issue a token";
  const { server, "certificate-authority-data": data, "tls-server-name": name } = cluster;
  if (typeof server === "string" && certificateName(cluster) !== certificateName({ server: endpoint }))
    return `connects to ${name ? `${name} (tls-server-name)` : server}, but the API server is ${endpoint}`;
  const isOther = typeof data === "string" && asClientGoEncodes(data) !== asClientGoEncodes(caData);
  return isOther ? "has a different CA than EKS reports" : undefined;
}

/** Whether the arguments of a user entry, or a command line within them, ask for a token of this cluster. */
export function asksFor(user: KubeRecord, { clusterName, clusterId, region }: EksEntry): boolean {
  const { args = [], env = {} } = execStanza(user) ?? {};
  const words = args.flatMap((arg) => arg.split(/[\s"'=]+/));
  const asked = wordBehind(words, ["--cluster-name", "--cluster-id", "-i"]);
  if (asked === undefined || ![clusterName, clusterId].includes(asked)) return false;
  const where = wordBehind(words, ["--region"]) ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"];
  return where === undefined || where === region;
}

function wordBehind(words: readonly string[], flags: readonly string[]): string | undefined {
  const at = words.findIndex((word) => flags.includes(word));
  return at < 0 ? undefined : words[at + 1];
}
