import { isDeepStrictEqual } from "node:util";
import { clusterArn, type EksEntry, userBody } from "./eks-entry.ts";
import { type EksSetup, existingContexts, tlsServerName } from "./eks-setup.ts";
import type { KubeconfigDraft } from "./kubeconfig-draft.ts";
import type { Migration } from "./migrate-users.ts";

/**
 * The contexts that call the cluster as the role already, since `--migrate` or before: their user is brought up to date, and
 * nothing else is touched. None where there is none: no context is added.
 */
export function setUpInPlace(
  draft: KubeconfigDraft,
  entry: EksEntry,
  migrations: readonly Migration[],
): EksSetup[] {
  const arn = clusterArn(entry);
  const switched = migrations.filter((one) => one.migrated && one.clusterArn === arn).map(({ user }) => user);
  return existingContexts(draft, entry).map((context) => {
    const { cluster, user } = draft.entry("contexts", context)?.body ?? {};
    const names = { cluster: String(cluster ?? ""), user: String(user ?? "") };
    const before = draft.entry("users", names.user)?.body ?? {};
    const after = userBody(entry, before);
    const isUpdated = !isDeepStrictEqual(before, after);
    if (isUpdated) draft.put("users", names.user, after);
    return {
      ...{ clusterArn: arn, context, ...names, insteadOf: undefined, also: [] },
      tlsServerName: tlsServerName(draft, names.cluster),
      status: isUpdated || switched.includes(names.user) ? "updated" : "unchanged",
    };
  });
}
