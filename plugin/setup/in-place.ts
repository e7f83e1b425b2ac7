import { isDeepStrictEqual } from "node:util";
import { isExecutable } from "../../doctor/probes/local/find-program.ts";
import type { ContextSource, StatedSource } from "../../token/kubeconfig/context-source.ts";
import { vouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import type { KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import { isRecord } from "../../token/record.ts";
import { clusterArn, type EksEntry, userBody } from "./eks-entry.ts";
import { type EksSetup, existingContexts, tlsServerName } from "./eks-setup.ts";
import type { KubeconfigDraft } from "./kubeconfig-draft.ts";
import type { Migration } from "./migrate-users.ts";

/**
 * The contexts that call the cluster as this setup would, since `--migrate` or before: their user is brought up to date, and
 * nothing else is touched. Users with another way to the role, or another Vouch server, stay. None where there is none: no
 * context is added.
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
      tlsServerName: tlsServerName(draft, names.cluster),
      status: isUpdated || switched.includes(names.user) ? "updated" : "unchanged",
    };
    return [setup];
  });
}

/** Whether an identity is reached in the same way too: by the same server, through the same roles. */
function isSameWay(stated: StatedSource | undefined, source: ContextSource): boolean {
  const serverOf = (of: StatedSource) => (of.kind === "vouch" ? of.server : undefined);
  return (
    stated !== undefined && serverOf(stated) === serverOf(source) && isDeepStrictEqual(stated.via, source.via)
  );
}

/** A user that names a program by its path, where there is one, or may ask, keeps that unless this setup says otherwise. */
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
