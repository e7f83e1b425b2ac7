import { readWitnessed } from "../../../files/plain-file.ts";
import { partitionOfRegion } from "../../../hot/partition.ts";
import { currentFile } from "../../../hot/state-files.ts";
import { narrowing } from "../../agent-policies.ts";
import type { VouchProcess } from "../../vouch-process.ts";
import { digestOf, type OpenPlan, type PlanAccess, type VouchHop, witnessOf } from "../opened-source.ts";

/**
 * A `credential_process` that is ours, or upstream's `vouch`: we answer it ourselves, for whoever is logged in. No program is
 * run, so none needs to be approved. If the line names no server, variables and settings do, and there is no file to watch for a
 * change. Throws `logged-out` and `session-expired` immediately.
 */
export async function openVouch(vouch: VouchProcess, access: PlanAccess, hop: VouchHop): Promise<OpenPlan> {
  const { role, via, server } = vouch;
  const file = currentFile(access.state);
  const { identity } = readWitnessed(file, access.clock());
  const { session, credentials } = await access.vouchRole(vouch, hop);
  const partition = partitionOfRegion(hop.region).id;
  return {
    digest: digestOf("vouch", role, via.join(" "), session.id, partition, narrowing(access, hop.isLast)),
    witnesses: server === undefined ? undefined : witnessOf(file, identity),
    end: session.end,
    credentials,
  };
}
