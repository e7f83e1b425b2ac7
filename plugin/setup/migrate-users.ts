import { vouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import type { Identity } from "../../token/kubeconfig/identity.ts";
import type { KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import { isRecord } from "../../token/record.ts";
import { clusterArn, type EksEntry, INSTALL_HINT, userBody } from "./eks-entry.ts";
import { foreignIdentity } from "./foreign-source.ts";
import type { ForeignEksUser, ShellAws, ShownEksUser } from "./foreign-user.ts";
import type { KubeconfigDraft } from "./kubeconfig-draft.ts";
import { foreignEksUser } from "./kubeconfig-users.ts";
import { compareIdentity } from "./migration-identity.ts";
import { unknownUser } from "./unknown-users.ts";
import { asksFor, clusterObstacle, type UserPlace, userPlace } from "./user-place.ts";

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
