import { defineRule } from "../../check/rule.ts";
import { doesNotApply, found } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import { likelyPrincipal } from "../../derive/identity/likely-principal.ts";
import { isSamePrincipal } from "../../derive/identity/principal.ts";
import { principalArn } from "../../derive/identity/principal-arn.ts";
import { entryArns } from "../../derive/mapping/access-entry.ts";
import { associateClusterWide, createEntry } from "../../fixes/access-entry-actions.ts";
import { byEntryOrLine, openToEntries } from "../../fixes/access-entry-fix.ts";
import { allowEksActions } from "../../fixes/eks-action-grant.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { failures } from "../shared/refuted.ts";

/** The console's banner, and IAM's denial of its call. Source: doctor/EKS-ACCESS.md, "Other ways in". */
const BANNER =
  /Your current (?:IAM )?(?:user or role|principal)[^.]{0,40} does(?:n't| not) have access to Kubernetes objects on this(?: EKS)? cluster|not authorized to perform: eks:AccessKubernetesApi/;

/** The console needs an IAM right and a mapping in Kubernetes; the evidence says which half is missing. */
export const policyConsoleAccessDenied = defineRule({
  causes: [
    {
      id: "P12",
      what: "The console lacks the IAM right or the mapping that it needs.",
      seen: "does not have access to Kubernetes objects",
    },
  ],
  expects: "the console may show Kubernetes objects to the caller",
  needs: ["eksCall"],
  check({ eksCall: { words } }, seen) {
    const [said] = BANNER.exec(words) ?? [];
    if (said === undefined) return doesNotApply("the console did not say that access is missing");
    const isIamDenial = said.includes("eks:AccessKubernetesApi");
    const isSettled = isIamDenial || (seen.mapping !== undefined && seen.mapping.by !== "unknown");
    return found({
      confidence: isSettled ? "certain" : "likely",
      explains: ["P11", "E1"],
      describe: (facts) => describe(facts, said, isIamDenial),
    });
  },
  refuted: (seen) => failures(seen).some(({ command = "" }) => /^kubectl\b/.test(command)),
});

function describe(facts: Facts, said: string, isIamDenial: boolean) {
  const { mapping, target } = facts;
  const isMapped = mapping?.by === "entry" || mapping?.by === "aws-auth";
  const isUnmapped = mapping?.by === "nobody";
  const half =
    isMapped || isIamDenial
      ? "the IAM right eks:AccessKubernetesApi is missing"
      : isUnmapped
        ? "Kubernetes does not know this principal"
        : "the IAM right eks:AccessKubernetesApi or the mapping in Kubernetes is missing";
  return {
    summary: `The console cannot show what is in ${target.cluster}: ${half}.`,
    evidence: [
      `${isIamDenial ? "IAM" : "The console"} says “${said}”.`,
      isMapped && `Kubernetes knows the principal as ${mapping.username ?? "a user"}.`,
      isUnmapped && "Neither an access entry nor aws-auth maps the principal.",
    ],
    falsifiedBy: "kubectl fails with the same identity too, and its error names another cause.",
    fixes: [...(isUnmapped ? [] : [iamHalf(facts)]), ...(isMapped ? [] : kubernetesHalf(facts))],
  };
}

function iamHalf(facts: Facts): Fix {
  return allowEksActions(facts, {
    actions: ["eks:AccessKubernetesApi", "eks:DescribeCluster"],
    denial: facts.eksCall?.words ?? "",
    policyName: "eks-console",
    description:
      "Allow the console to view the cluster (to change objects there, allow eks:MutateViaKubernetesApi as well).",
  });
}

function kubernetesHalf(facts: Facts): Fix[] {
  const { target } = facts;
  const principal = likelyPrincipal(facts);
  const arn = principal === undefined ? "PRINCIPAL_ARN" : principalArn(facts, principal);
  const isThere = entryArns(facts.evidence).some((listed) => isSamePrincipal(listed, arn));
  const byEntry = forClusterAdmin(
    isThere ? "Let the access entry view the cluster." : "Create an access entry that may view the cluster.",
    ...openToEntries(facts),
    ...(isThere ? [] : [createEntry(target, arn)]),
    associateClusterWide(target, arn, "AmazonEKSViewPolicy"),
  );
  return byEntryOrLine(facts, arn, byEntry);
}
