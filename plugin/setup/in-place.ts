import { isDeepStrictEqual } from "node:util";
import { isExecutable } from "../../doctor/probes/local/find-program.ts";
import { vouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import type { Identity, StatedIdentity } from "../../token/kubeconfig/identity.ts";
import type { KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import { isRecord } from "../../token/record.ts";
import { certifiedName, clusterArn, type EksEntry, userBody } from "./eks-entry.ts";
import { type EksSetup, existingContexts } from "./eks-setup.ts";
import type { KubeconfigDraft } from "./kubeconfig-draft.ts";
import type { Migration } from "./migrate-users.ts";

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
