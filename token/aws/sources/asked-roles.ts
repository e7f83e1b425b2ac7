import type { SourcePlan } from "./plan-kinds.ts";

/**
 * The session name for a role named on the command line, the same as that of `aws eks get-token --role-arn`: mappings of a
 * cluster that contain the full session name keep working. Source: token/eks/EKS-TOKEN.md, "Generators".
 */
const SESSION_NAME = "EKSGetTokenAuth";

/** Roles that the command line names, to be assumed with what a profile gives. */
export interface AskedRoles {
  /** Roles to pass through, first to last. */
  readonly via: readonly string[];
  readonly role: string | undefined;
  readonly region: string;
}

/** The plan with these roles on top, each assumed by the one before. A role that follows itself is not assumed again. */
export function throughRoles(plan: SourcePlan, { via, role, region }: AskedRoles): SourcePlan {
  const roles = role === undefined ? [] : [...via, role].filter((arn, index, all) => arn !== all[index - 1]);
  return roles.reduce<SourcePlan>(
    (source, roleArn, index) => ({
      kind: "assume-role",
      source,
      roleArn,
      sessionName: SESSION_NAME,
      externalId: undefined,
      durationSeconds: undefined,
      mfaSerial: undefined,
      region,
      origin: { option: index === roles.length - 1 ? "--role" : "--via" },
    }),
    plan,
  );
}
