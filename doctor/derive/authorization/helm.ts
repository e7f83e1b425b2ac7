import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";

/** How helm's errors begin. Source: doctor/EKS-ACCESS.md, "Helm". */
const HELM_WORDS =
  /INSTALLATION FAILED|UPGRADE FAILED|failed to query with labels|list: failed to list|create: failed to create/;

/** Whether helm made the call, by the client's name, the command, or the text of the error. */
export function isHelm({
  evidence,
}: {
  readonly evidence: Pick<DoctorEvidence, "client" | "question">;
}): boolean {
  const { command = "", stderr = "" } = evidence.question ?? {};
  return (
    /^\s*helm\b/.test(command) || HELM_WORDS.test(stderr) || knownValue(evidence.client)?.name === "helm"
  );
}
