import { type DoctorEvidence, knownValue, type Workload } from "../../evidence/evidence.ts";
import { isSamePrincipal, type Principal } from "./principal.ts";

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

/** Whether the caller is the role that a pod was given: then the call is made as it is meant to be. */
export function isOwnRole(
  evidence: Pick<DoctorEvidence, "workload">,
  { kind, canonicalArn }: Principal,
): boolean {
  const { annotatedRole, podIdentityRole } = workloadOf(evidence) ?? {};
  const own = [annotatedRole, podIdentityRole].filter((arn) => typeof arn === "string");
  return kind === "role" && own.some((arn) => isSamePrincipal(arn, canonicalArn));
}
