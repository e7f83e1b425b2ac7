import type { VouchContext } from "../vouch/vouch-contexts.ts";
import { usualFolders } from "../workplace/server-record.ts";
import type { Desk } from "../workplace/workplace.ts";
import { type ForgottenApproval, forgetLostApprovals } from "./forget-approvals.ts";
import { forgetLostClusters } from "./record-clusters.ts";

/**
 * Forgets what only contexts needed that are gone now. Both are undefined if the files could not be read. Returns the programs
 * that may no longer be run.
 */
export async function forgetLost(
  desk: Desk,
  before: readonly VouchContext[] | undefined,
  now: readonly VouchContext[] | undefined,
): Promise<ForgottenApproval[]> {
  if (before === undefined || now === undefined) return [];
  const { app, workplace } = desk;
  const { state } = workplace.folders;
  forgetLostClusters({ state, usual: usualFolders(app)?.state, machine: app }, before, now);
  return forgetLostApprovals(desk, before, now);
}
