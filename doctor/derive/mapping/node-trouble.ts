import type { DoctorEvidence } from "../../evidence/evidence.ts";

/** Whether the failed command or its error is about nodes that lost the cluster. */
export function isAboutNodes({ question }: Pick<DoctorEvidence, "question">): boolean {
  const { command = "", stderr = "" } = question ?? {};
  return /\bNotReady\b|node (?:status )?is unknown|(?:nodes?|instances) (?:failed|cannot|could not|do(?:es)? not) (?:to )?join|Unable to register node|Node not registered with cluster|does not have an associated node|NodeCreationFailure|(?<!\/)kubelet/i.test(
    `${command}\n${stderr}`,
  );
}
