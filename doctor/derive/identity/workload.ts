import { type DoctorEvidence, knownValue, type Workload } from "../../evidence/evidence.ts";
import type { Principal } from "./principal.ts";

/** The pod or instance that the client runs in; undefined: nobody says, and mostly there is none. */
export function workloadOf(evidence: Pick<DoctorEvidence, "workload">): Workload | undefined {
  return "workload" in evidence ? knownValue(evidence.workload) : undefined;
}

/** Whether the caller is the role of the instance that the workload runs on. */
export function isInstanceRole({ instanceRole }: Workload, { kind, name }: Principal): boolean {
  return kind === "role" && instanceRole?.split("/").at(-1) === name;
}

/**
 * Whether a pod is known to have no AWS role of its own, so that its AWS calls are made as the node.
 * Source: EKS User Guide, "IAM roles for service accounts", "EKS Pod Identity".
 */
export function lacksOwnRole({ kind, annotatedRole, podIdentityRole }: Workload): boolean {
  return kind === "pod" && annotatedRole === null && (podIdentityRole ?? null) === null;
}
