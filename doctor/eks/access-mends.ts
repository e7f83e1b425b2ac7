import { known } from "../evidence.ts";
import { targetOf } from "../facts/eks-call.ts";
import type { Facts } from "../facts/facts.ts";
import { isSamePrincipal } from "../facts/principal.ts";
import type { Mend } from "../rule.ts";
import { accessPolicyArn, associatePolicy, CLUSTER_SCOPE, createEntry } from "./entry-commands.ts";

/**
 * Lets the caller in by an access entry, which anybody with the EKS API can make, from outside the cluster. In CONFIG_MAP the
 * mode goes one step on first, and cannot go back. Source: eks-auth, B1 and B2.
 */
export function entryMend(facts: Facts): Mend {
  const target = targetOf(facts);
  const arn = iamArn(facts);
  const { cluster, region } = target;
  const step = [
    ...["aws", "eks", "update-cluster-config", "--name", cluster, "--region", region],
    ...["--access-config", "authenticationMode=API_AND_CONFIG_MAP"],
  ];
  const isClosed = facts.mode === "CONFIG_MAP";
  return {
    by: "an administrator of the cluster",
    does: `Or make an access entry, which aws-auth has no part in${isClosed ? "; the change of mode takes minutes and cannot be undone" : ""}.`,
    commands: [
      ...(isClosed
        ? [step, ["aws", "eks", "wait", "cluster-active", "--name", cluster, "--region", region]]
        : []),
      createEntry(target, arn),
      associatePolicy(target, arn, {
        policyArn: accessPolicyArn(target, "AmazonEKSViewPolicy"),
        accessScope: CLUSTER_SCOPE,
      }),
    ],
  };
}

/** The caller's ARN in IAM: with its path, if somebody has seen it. */
function iamArn({ evidence, principal }: Facts): string {
  const role = known(evidence.role)?.Role.Arn;
  const canonical = principal?.canonicalArn ?? "PRINCIPAL_ARN";
  return role !== undefined && isSamePrincipal(role, canonical) ? role : canonical;
}
