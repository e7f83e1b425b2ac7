import type { ProbedPart } from "../evidence/parts.ts";
import { EKS_PROBES } from "./aws/aws.ts";
import { CALLER_PROBES } from "./aws/caller.ts";
import { API_SERVER_PROBE } from "./cluster/api-server.ts";
import { KUBERNETES_PROBES } from "./cluster/kube.ts";
import { FILE_PROBES } from "./local/files.ts";
import { PLUGIN_PROBES } from "./local/plugin-run.ts";
import { PROGRAM_PROBES } from "./local/programs.ts";
import { SOURCE_FILES_PROBE } from "./local/source-files.ts";
import { VOUCH_PROBES } from "./local/vouch.ts";
import { CLOCKS_PROBE } from "./network/clocks.ts";
import { NETWORK_PROBE } from "./network/network.ts";
import type { Probe, Probes } from "./probe.ts";

const OF_MACHINE = { ...FILE_PROBES, ...VOUCH_PROBES, ...CLOCKS_PROBE };

/** One for each part that can be gathered, in the order in which they start. */
export const PROBES: Required<Probes> = {
  ...OF_MACHINE,
  ...PROGRAM_PROBES,
  ...SOURCE_FILES_PROBE,
  ...PLUGIN_PROBES,
  ...CALLER_PROBES,
  ...NETWORK_PROBE,
  ...API_SERVER_PROBE,
  ...EKS_PROBES,
  ...KUBERNETES_PROBES,
};

export const ALL_PROBES = listed(PROBES);
/** Probes about the machine, not about a cluster. */
export const MACHINE_PROBES = listed(OF_MACHINE);

function listed(probes: Probes): readonly Probe[] {
  return Object.entries(probes).map(([part, probe]) => ({ gathers: part as ProbedPart, ...probe }));
}
