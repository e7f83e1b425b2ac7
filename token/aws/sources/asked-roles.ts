import type { SourcePlan } from "./plan-kinds.ts";

/**
 * The session of a role that is asked for, as `aws eks get-token --role-arn` names it: whoever is bound in a cluster by the
 * whole name of a session stays bound. Source: token/eks/EKS-TOKEN.md, "Generators".
 */
const SESSION_NAME = "EKSGetTokenAuth";

/** Roles that the question itself names, to be assumed by what a profile gives. */
export interface AskedRoles {
  /** To pass through, first to last. */
  readonly via: readonly string[];
  readonly role: string | null;
  readonly region: string;
}

/** The plan with these roles on top, each assumed by the one before. A role after itself is not assumed again. */
export function throughRoles(plan: SourcePlan, { via, role, region }: AskedRoles): SourcePlan {
  const roles = role === null ? [] : [...via, role].filter((arn, index, all) => arn !== all[index - 1]);
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
