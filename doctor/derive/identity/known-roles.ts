import { entryArns } from "../../eks/mapping/access-entry.ts";
import { absentRoles } from "../../eks/principal/iam-principal.ts";
import { principalOfArn } from "../../eks/principal/principal.ts";
import { type DoctorEvidence, failureOf, knownValue } from "../../evidence/evidence.ts";
import { awsProfiles } from "./aws-profile-chain.ts";
import { workloadOf } from "./workload.ts";

/** ARNs of the roles that the evidence shows anywhere: in IAM, in access entries, in profiles, on the machine. */
export function knownRoleArns(evidence: DoctorEvidence): string[] {
  const profiles = [...awsProfiles(evidence).byName.values()];
  const arns = [
    knownValue(evidence.role)?.Role.Arn,
    ...(knownValue(evidence.roles)?.Roles ?? []).map(({ Arn }) => Arn),
    ...entryArns(evidence),
    workloadOf(evidence)?.instanceRole,
    ...profiles.map(({ settings, vouch }) => vouch?.role ?? settings["role_arn"]),
  ];
  const roles = arns.filter((arn) => arn !== undefined && principalOfArn(arn)?.kind === "role");
  return [...new Set(roles as string[])];
}

/** True: IAM says that there is no such role, or lists the roles of its account without it. */
export function isMissingRole(evidence: DoctorEvidence, arn: string): boolean {
  const [, missing] = /role with name (\S+) cannot be found/i.exec(failureOf(evidence.role) ?? "") ?? [];
  return (
    (missing !== undefined && missing === principalOfArn(arn)?.name) ||
    absentRoles(evidence, [arn]).length > 0
  );
}
