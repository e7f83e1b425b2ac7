import type { DoctorEvidence } from "../../evidence/evidence.ts";

/** Whether what was pasted tells of nodes that lost the cluster. */
export function tellsOfNodes({ evidence }: { readonly evidence: DoctorEvidence }): boolean {
  const { command = "", stderr = "" } = evidence.question ?? {};
  return /\bNotReady\b|node (?:status )?is unknown|nodes? (?:failed|cannot|could not|do(?:es)? not) (?:to )?join|Unable to register node|kubelet/i.test(
    `${command}\n${stderr}`,
  );
}
