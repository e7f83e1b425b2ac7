import { isDeepStrictEqual } from "node:util";
import { isExecutable } from "../../doctor/probes/local/find-program.ts";
import { vouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import {
  type Identity,
  isSameIdentity,
  type Safeguards,
  type StatedIdentity,
} from "../../token/kubeconfig/identity.ts";
import type { KubeRecord, Section } from "../../token/kubeconfig/kubeconfig-document.ts";
import { ownedCluster } from "../../token/kubeconfig/kubeconfig-view.ts";
import { isRecord } from "../../token/record.ts";
import { contextName, type NameHolder, sourceWord, wantedName } from "./context-name.ts";
import {
  certifiedName,
  clusterArn,
  clusterBody,
  contextBody,
  type EksEntry,
  sameEndpoint,
  shownProxy,
  userBody,
} from "./eks-entry.ts";
import { contextsWith, type KubeconfigDraft } from "./kubeconfig-draft.ts";
import type { Migration } from "./migrate-users.ts";

/** What became of one cluster in the draft. */
export interface EksSetup {
  readonly clusterArn: string;
  readonly source: Identity;
  readonly context: string;
  readonly cluster: string;
  readonly user: string;
  /** `tls-server-name` of the cluster's entry: the name that its certificate must have. */
  readonly tlsServerName: string | undefined;
  /** A `tls-server-name` that was removed, because it is no name of the cluster. */
  readonly removedName?: string | undefined;
  /** `proxy-url` of the cluster's entry, without its password. */
  readonly proxyUrl?: string;
  /** The address of a tunnel to the cluster, which was kept. */
  readonly tunnel?: string | undefined;
  /** As they are written. */
  readonly safeguards: Safeguards;
  readonly status: "added" | "updated" | "unchanged";
  /** The name it would have had, if another context has that one. */
  readonly insteadOf: string | undefined;
  /** The name that the context had, if it was renamed as a new template says. */
  readonly renamedFrom?: string;
  /** Our other contexts for the same cluster and identity, left as they are. */
  readonly also: readonly string[];
}

interface SetupOptions {
  /** As in `--context-name`; absent: the default, or the name an existing context of ours has. */
  readonly template?: string | undefined;
  /** Contexts of others that were just switched to us: ours is added beside them. */
  readonly migrated?: ReadonlySet<string>;
}

/**
 * Puts the cluster, user and context of an entry into the draft. If that cluster and identity already have entries, these are
 * updated, whatever their context is called by now; nothing of another cluster, identity or owner is ever overwritten. A context
 * that is asked for by its exact name, and has the entry's user, gets a cluster entry of our own.
 */
export function setUpEks(draft: KubeconfigDraft, entry: EksEntry, options: SetupOptions = {}): EksSetup {
  const { template, migrated = new Set() } = options;
  const wanted = wantedName(entry, template);
  const found = existingContexts(draft, entry).filter((name) => name === wanted || !migrated.has(name));
  const isMeant = template === wanted && !found.includes(wanted) && isOfSameUser(draft, wanted, entry);
  const existing = isMeant ? [wanted, ...found] : found;
  const reused = existing.includes(wanted) || template !== undefined ? undefined : existing[0];
  const context =
    reused ??
    contextName(entry, {
      template,
      holderOf: (name) => (existing.includes(name) ? undefined : holder(draft, name)),
    });
  const renamed =
    isPattern(template) && draft.entry("contexts", context) === undefined ? found[0] : undefined;
  if (renamed !== undefined) draft.renameContext(renamed, context);
  const before = draft.body("contexts", context);
  const cluster = clusterNameOf(draft, entry, before);
  const user = userNameOf(draft, entry, before);

  const entryBefore = draft.body("clusters", cluster);
  const written = [
    put(draft, { section: "clusters", name: cluster }, (body) => clusterBody(entry, body)),
    put(draft, { section: "users", name: user }, (body) => userBody(entry, body)),
    put(draft, { section: "contexts", name: context }, (body) => contextBody(entry, { cluster, user }, body)),
  ];
  return {
    clusterArn: clusterArn(entry),
    source: entry.source,
    context,
    cluster,
    user,
    ...endpointNotes(draft, { cluster, before: entryBefore, entry }),
    safeguards: vouchStanza(draft.body("users", user))?.safeguards ?? {},
    ...(renamed === undefined ? {} : { renamedFrom: renamed }),
    status: written.every((status) => status === "unchanged")
      ? renamed === undefined
        ? "unchanged"
        : "updated"
      : written[2] === "added"
        ? "added"
        : "updated",
    insteadOf: context === wanted || reused !== undefined ? undefined : wanted,
    also: existing.filter((name) => name !== context && name !== renamed),
  };
}

/** Whether `--context-name` is a rule for the names of all clusters, and not one name. */
function isPattern(template: string | undefined): boolean {
  return template?.includes("{") === true;
}

/** What became of fields that decide which server is called, if a user set them. */
function endpointNotes(
  draft: KubeconfigDraft,
  {
    cluster,
    before,
    entry,
  }: { readonly cluster: string; readonly before: KubeRecord; readonly entry: EksEntry },
): Pick<EksSetup, "tlsServerName" | "removedName" | "proxyUrl" | "tunnel"> {
  const body = draft.body("clusters", cluster);
  const tlsServerName = certifiedName(body, entry);
  const old = before["tls-server-name"];
  const isRemoved = typeof old === "string" && old !== "" && tlsServerName === undefined;
  const proxyUrl = body["proxy-url"];
  return {
    tlsServerName,
    ...(typeof proxyUrl === "string" && proxyUrl !== "" ? { proxyUrl: shownProxy(proxyUrl) } : {}),
    ...(isRemoved ? { removedName: old } : {}),
    ...(sameEndpoint(body["server"], entry.endpoint) ? {} : { tunnel: String(body["server"]) }),
  };
}

/** Contexts of exactly this cluster and identity, those marked as ours first. */
function existingContexts(draft: KubeconfigDraft, entry: EksEntry): string[] {
  const matching = draft.names("contexts").filter((name) => isSame(draft, name, entry));
  const isMarked = (name: string) => ownedCluster(draft.body("contexts", name)) !== undefined;
  return [...matching.filter(isMarked), ...matching.filter((name) => !isMarked(name))];
}

function isSame(draft: KubeconfigDraft, context: string, entry: EksEntry): boolean {
  const body = draft.body("contexts", context);
  const cluster = draft.body("clusters", body["cluster"]);
  const arn = ownedCluster(body) ?? ownedCluster(cluster);
  const isUnmarked = body["cluster"] === clusterKey(entry) || sameEndpoint(cluster["server"], entry.endpoint);
  const isCluster = arn === undefined ? isUnmarked : arn === clusterArn(entry);
  return isCluster && isSameUser(draft.body("users", body["user"]), entry);
}

/**
 * Whether a context has this entry's user, and nothing marks its cluster as another: a user who specifies its name can mean it,
 * wherever its server is.
 */
function isOfSameUser(draft: KubeconfigDraft, context: string, entry: EksEntry): boolean {
  const body = draft.body("contexts", context);
  const cluster = draft.body("clusters", body["cluster"]);
  const isUnowned = (ownedCluster(body) ?? ownedCluster(cluster)) === undefined;
  return isUnowned && isSameUser(draft.body("users", body["user"]), entry);
}

function isSameUser(user: KubeRecord, entry: EksEntry): boolean {
  const stanza = vouchStanza(user);
  return (
    stanza?.by === "kubectl-vouch" &&
    stanza.clusterName === entry.clusterName &&
    stanza.region === entry.region &&
    isSameIdentity(stanza.source, entry.source)
  );
}

/** What is known of the context that has a name; undefined when none has it. */
function holder(draft: KubeconfigDraft, context: string): NameHolder | undefined {
  const body = draft.entry("contexts", context)?.body;
  if (body === undefined) return undefined;
  const { region, source } = vouchStanza(draft.body("users", body["user"])) ?? {};
  return { region, accountId: ownedCluster(body)?.split(":")[4], source };
}

/** Unique to a cluster. No dots, since `kubectl config unset` treats them as separators. */
function clusterKey({ accountId, region, clusterName }: EksEntry): string {
  return `vouch-eks/${accountId}/${region}/${clusterName}`;
}

function clusterNameOf(draft: KubeconfigDraft, entry: EksEntry, context: KubeRecord): string {
  const arn = clusterArn(entry);
  const ownerOf = (name: string) => ownedCluster(draft.body("clusters", name));
  const present = String(context["cluster"] ?? "");
  if (ownerOf(present) === arn) return present;
  return firstFree(clusterKey(entry), (candidate) => [undefined, arn].includes(ownerOf(candidate)));
}

function userNameOf(draft: KubeconfigDraft, entry: EksEntry, context: KubeRecord): string {
  const isOurs = (name: string) => isSameUser(draft.body("users", name), entry);
  const present = String(context["user"] ?? "");
  if (isOurs(present)) return present;
  const name = `${clusterKey(entry)}/${sourceWord(entry.source)}`;
  return firstFree(name, (candidate) => {
    const isTaken = draft.entry("users", candidate) !== undefined;
    return !isTaken || (isOurs(candidate) && isForCluster(draft, candidate, entry));
  });
}

/** Two accounts may have clusters of the same name and region: a user in a context of the other cluster is taken. */
function isForCluster(draft: KubeconfigDraft, user: string, entry: EksEntry): boolean {
  return contextsWith(draft, "user", user).every((context) => isSame(draft, context, entry));
}

function firstFree(name: string, isFree: (candidate: string) => boolean): string {
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? name : `${name}/${count}`;
    if (isFree(candidate)) return candidate;
  }
}

function put(
  draft: KubeconfigDraft,
  { section, name }: { readonly section: Section; readonly name: string },
  change: (body: KubeRecord) => KubeRecord,
): EksSetup["status"] {
  const before = draft.entry(section, name)?.body;
  const after = change(before ?? {});
  if (before !== undefined && isDeepStrictEqual(before, after)) return "unchanged";
  draft.put(section, name, after);
  return before === undefined ? "added" : "updated";
}

/**
 * Updates the users of the contexts that call the cluster as this setup would, whether switched by `--migrate` now or earlier,
 * and nothing else. Users that reach the role through other roles, or at another Vouch server, stay. No context is added: without
 * such contexts the result is empty.
 */
export function setUpInPlace(
  draft: KubeconfigDraft,
  entry: EksEntry,
  migrations: readonly Migration[],
): EksSetup[] {
  const arn = clusterArn(entry);
  const switched = migrations.filter((one) => one.migrated && one.clusterArn === arn).map(({ user }) => user);
  return existingContexts(draft, entry).flatMap((context) => {
    const { cluster, user } = draft.body("contexts", context);
    const names = { cluster: String(cluster ?? ""), user: String(user ?? "") };
    const before = draft.body("users", user);
    if (!isSameWay(vouchStanza(before)?.source, entry.source)) return [];
    const after = userBody(withOwnWishes(entry, before), before);
    const isUpdated = !isDeepStrictEqual(before, after);
    if (isUpdated) draft.put("users", names.user, after);
    const setup: EksSetup = {
      ...{ clusterArn: arn, source: entry.source, context, ...names, insteadOf: undefined, also: [] },
      safeguards: vouchStanza(after)?.safeguards ?? {},
      tlsServerName: certifiedName(draft.body("clusters", names.cluster), entry),
      status: isUpdated || switched.includes(names.user) ? "updated" : "unchanged",
    };
    return [setup];
  });
}

/** Whether an identity is also reached in the same way: at the same server, through the same roles. */
function isSameWay(stated: StatedIdentity | undefined, source: Identity): boolean {
  const serverOf = (of: StatedIdentity) => (of.kind === "vouch" ? of.server : undefined);
  return (
    stated !== undefined && serverOf(stated) === serverOf(source) && isDeepStrictEqual(stated.via, source.via)
  );
}

/** A user keeps the path of an existing program, and its permission to ask, unless this setup says otherwise. */
function withOwnWishes(entry: EksEntry, { exec }: KubeRecord): EksEntry {
  const { command, interactiveMode } = isRecord(exec) ? exec : {};
  return {
    ...entry,
    command:
      typeof command === "string" && isExecutable(command) && !/[\\/]/.test(entry.command)
        ? command
        : entry.command,
    interactive: entry.interactive || interactiveMode === "IfAvailable",
  };
}
