import { isSamePrincipal, type Principal } from "../../eks/principal/principal.ts";
import { type DoctorEvidence, knownValue, type Workload } from "../../evidence/evidence.ts";

/** The pod or instance in which the client runs; undefined: not known, and usually there is none. */
export function workloadOf(evidence: Pick<DoctorEvidence, "workload">): Workload | undefined {
  return "workload" in evidence ? knownValue(evidence.workload) : undefined;
}

/** Whether the caller is the role of the instance on which the workload runs; the role may be given by name or ARN. */
export function isInstanceRole({ instanceRole }: Workload, { kind, name, canonicalArn }: Principal): boolean {
  if (kind !== "role" || instanceRole === undefined) return false;
  return instanceRole.startsWith("arn:")
    ? isSamePrincipal(instanceRole, canonicalArn)
    : instanceRole === name;
}

/**
 * Whether a pod does not have an AWS role, so that it calls AWS as the node. Undefined: it is not known about one of the two
 * ways to assign it one.
 *
 * Source: EKS User Guide, "IAM roles for service accounts", "EKS Pod Identity".
 */
export function lacksOwnRole(workload: Workload): boolean | undefined {
  const { kind, annotatedRole, podIdentityRole } = workload;
  if (kind !== "pod" || ownRoles(workload).length > 0) return false;
  return annotatedRole === null && podIdentityRole === null ? true : undefined;
}

/** Whether the caller is the role that is assigned to the pod, so that it calls as intended. */
export function isOwnRole(
  evidence: Pick<DoctorEvidence, "workload">,
  { kind, canonicalArn }: Principal,
): boolean {
  const workload = workloadOf(evidence);
  if (kind !== "role" || workload === undefined) return false;
  return ownRoles(workload).some((arn) => isSamePrincipal(arn, canonicalArn));
}

function ownRoles({ annotatedRole, podIdentityRole }: Workload): string[] {
  return [annotatedRole, podIdentityRole].filter((arn) => typeof arn === "string");
}

/** `service account runner in namespace ci`, as far as that is known. */
export function formatServiceAccount({ serviceAccount, namespace }: Workload): string {
  if (serviceAccount === undefined) return "the pod's service account";
  return `service account ${serviceAccount}${namespace === undefined ? "" : ` in namespace ${namespace}`}`;
}
