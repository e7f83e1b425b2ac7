import { certificateName } from "../../token/hot/cluster-record.ts";
import { execStanza, vouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import type { Identity } from "../../token/kubeconfig/identity.ts";
import type { KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import { asClientGoEncodes } from "../../token/mint/cluster-records.ts";
import { isRecord } from "../../token/record.ts";
import { clusterArn, type EksEntry, INSTALL_HINT, sameEndpoint, userBody } from "./eks-entry.ts";
import { compareIdentity, foreignIdentity } from "./entry-identity.ts";
import {
  type ForeignEksUser,
  foreignEksUser,
  type ShellAws,
  type ShownEksUser,
  unknownUser,
} from "./foreign-user.ts";
import { contextsWith, type KubeconfigDraft } from "./kubeconfig-draft.ts";

/** What `--migrate` did with one user entry of a cluster. */
export interface Migration {
  readonly user: string;
  /** All contexts that name the user. */
  readonly contexts: readonly string[];
  readonly clusterArn: string;
  /** Without the values of its variables, which may be secret. Of a program that we do not know, only its name. */
  readonly was: ShownEksUser | { readonly by: string };
  readonly migrated: boolean;
  /** Whose credentials it uses from now on. */
  readonly source: Identity | undefined;
  /** Why it was left as it is, or why it may be switched to us; completes a sentence that begins with the user. */
  readonly reason: string;
  /** Contexts that could be pointed to our entries instead, if the person wants that. */
  readonly replaceable: readonly string[];
}

/** What becomes of one entry. */
type Decision = Pick<Migration, "was" | "migrated" | "source" | "reason" | "replaceable">;

/**
 * Switches the user entries of a cluster that use another program to us: same names, same contexts, other `exec`. An entry with
 * the Vouch role that is set up becomes that; any other keeps its AWS profile, or its caller's identity. One whose identity is
 * uncertain, or cannot be expressed, is left alone: no identity changes. None is skipped silently: the result has every entry
 * that this cluster is called with, except our own.
 *
 * `entries` are those that are set up, all of one cluster.
 */
export function migrateUsers(
  draft: KubeconfigDraft,
  entries: readonly EksEntry[],
  aws: ShellAws,
): Migration[] {
  const [entry] = entries;
  if (entry === undefined) return [];
  return draft.names("users").flatMap((user) => {
    const body = draft.body("users", user);
    if (vouchStanza(body)?.by === "kubectl-vouch") return [];
    const place = userPlace(draft, user, entry);
    const foreign = foreignEksUser(body);
    const isMeant = foreign === undefined ? asksFor(body, entry) : isNamed(foreign, entry);
    if (place.here.length === 0 && !isMeant) return [];
    const decision = decide(draft, { body, foreign, place, entries, entry, aws });
    const { source } = decision;
    if (source !== undefined) draft.put("users", user, migratedBody({ ...entry, source }, body));
    return [{ user, contexts: place.contexts, clusterArn: clusterArn(entry), ...decision }];
  });
}

function isNamed(user: ForeignEksUser, entry: EksEntry): boolean {
  return isOfCluster(user, entry) && user.region === entry.region;
}

/** Whether the arguments name the cluster; a local cluster on an Outpost by its ID. */
function isOfCluster({ clusterName, isOfId }: ForeignEksUser, entry: EksEntry): boolean {
  return clusterName === (isOfId ? entry.clusterId : entry.clusterName);
}

interface UserCase {
  readonly body: KubeRecord;
  readonly foreign: ForeignEksUser | undefined;
  readonly place: UserPlace;
  readonly entries: readonly EksEntry[];
  /** Any of them. */
  readonly entry: EksEntry;
  readonly aws: ShellAws;
}

function decide(draft: KubeconfigDraft, { body, foreign, place, entries, entry, aws }: UserCase): Decision {
  if (foreign === undefined) {
    const { by, reason } = unknownUser(body);
    return { was: { by }, migrated: false, source: undefined, reason, replaceable: place.here };
  }
  const was = shown(foreign);
  const stays = (reason: string, replaceable: readonly string[] = []) => ({
    ...{ was, migrated: false, source: undefined, reason, replaceable },
  });
  const [other] = place.elsewhere;
  if (other !== undefined) {
    const calls = `its context ${other.context} connects to ${other.server}`;
    return stays(
      place.here.length > 0 ? `${calls} too` : `${calls}, but the API server is ${entry.endpoint}`,
    );
  }
  if (!isOfCluster(foreign, entry))
    return stays(`it requests tokens for cluster ${JSON.stringify(foreign.clusterName)}`);
  const { source, reason, isOpen } = sourceOf(foreign, entries, aws);
  if (source === undefined) return stays(reason, isOpen ? place.here : []);
  const obstacle = clusterObstacle(draft, place.here, entry);
  return obstacle === undefined
    ? { was, migrated: true, source, reason, replaceable: [] }
    : stays(obstacle, place.here);
}

/** The Vouch role, if that is its identity, else its own source. */
function sourceOf(
  foreign: ForeignEksUser,
  entries: readonly EksEntry[],
  aws: ShellAws,
): { readonly source: Identity | undefined; readonly reason: string; readonly isOpen?: boolean } {
  const compared = entries.flatMap(({ source }) =>
    source.kind === "vouch" ? [{ source, ...compareIdentity(foreign, source, aws) }] : [],
  );
  const same = compared.find(({ isSame }) => isSame);
  if (same !== undefined) return same;
  const own = foreignIdentity(foreign, aws);
  return own.source === undefined ? { ...(compared[0] ?? own), source: undefined } : own;
}

function shown({
  by,
  clusterName,
  region,
  role,
  via,
  profile,
  server,
  account,
}: ForeignEksUser): ShownEksUser {
  return { by, clusterName, region, role, ...(via === undefined ? {} : { via }), profile, server, account };
}

/** Variables that the other program needs and that would mislead us or a reader. */
const THEIR_VARIABLES = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_STS_REGIONAL_ENDPOINTS"];

function migratedBody(entry: EksEntry, body: KubeRecord): KubeRecord {
  const { installHint: _theirs, env, ...exec } = isRecord(body["exec"]) ? body["exec"] : {};
  const kept = (Array.isArray(env) ? env : []).filter(
    (item) => !(isRecord(item) && isTheirs(entry, String(item["name"]))),
  );
  const cleaned = { ...exec, ...(kept.length === 0 ? {} : { env: kept }), installHint: INSTALL_HINT };
  return userBody(entry, { ...body, exec: cleaned });
}

/** A variable that determines the entry's identity stays. */
function isTheirs({ source }: EksEntry, variable: string): boolean {
  const isSource = source.kind !== "vouch" && Object.hasOwn(source.env, variable);
  return !isSource && THEIR_VARIABLES.includes(variable);
}

/** The contexts of a user entry, and which of them call one cluster. */
interface UserPlace {
  /** All contexts that name the user. */
  readonly contexts: readonly string[];
  /** Those that call this cluster. */
  readonly here: readonly string[];
  /** Those that call another address, or none that is known. */
  readonly elsewhere: readonly { readonly context: string; readonly server: string }[];
}

/** Compares the endpoint or ARN that the contexts of a user lead to, or the name that the certificate must have. */
function userPlace(draft: KubeconfigDraft, user: string, entry: EksEntry): UserPlace {
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
function clusterObstacle(
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
function asksFor(user: KubeRecord, { clusterName, clusterId, region }: EksEntry): boolean {
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
