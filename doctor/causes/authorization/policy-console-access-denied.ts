import { defineRule, doesNotApply, found } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { likelyPrincipal, principalArn } from "../../derive/identity/principal-arn.ts";
import { entryArns } from "../../eks/mapping/access-entry.ts";
import { isSamePrincipal } from "../../eks/principal/principal.ts";
import { associateClusterWide, createEntry } from "../../fixes/access-entry-actions.ts";
import { byEntryOrLine, openToEntries } from "../../fixes/access-entry-fix.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { allowEksActions } from "../../fixes/iam-grant.ts";
import { failures } from "../shared/refuted.ts";

/** The console's banner, and IAM's denial of its call. Source: doctor/EKS-ACCESS.md, "Other ways in". */
const BANNER =
  /Your current (?:IAM )?(?:user or role|principal)[^.]{0,40} does(?:n't| not) have access to Kubernetes objects on this(?: EKS)? cluster|not authorized to perform: eks:AccessKubernetesApi/;

/** The console needs an IAM permission and a mapping in Kubernetes; the evidence shows which half is missing. */
export const policyConsoleAccessDenied = defineRule({
  cause: {
    id: "P12",
    what: "The IAM permission or the mapping that the console needs is missing.",
    seen: "does not have access to Kubernetes objects",
    remedy:
      "IAM admin: allow eks:AccessKubernetesApi. Cluster admin: grant the console's user access to the cluster.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/view-kubernetes-resources.html#view-kubernetes-resources-permissions",
  },
  expects: "the console is allowed to show Kubernetes objects to the caller",
  needs: ["eksCall"],
  check({ eksCall: { words } }, seen) {
    const [said] = BANNER.exec(words) ?? [];
    if (said === undefined) return doesNotApply("the console did not report missing access");
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
      ? "the IAM permission eks:AccessKubernetesApi is missing"
      : isUnmapped
        ? "the cluster does not map this principal"
        : "the IAM permission eks:AccessKubernetesApi or the mapping in the cluster is missing";
  return {
    summary: `The console cannot show the objects in ${target.cluster}: ${half}.`,
    evidence: [
      `${isIamDenial ? "IAM" : "The console"} reports “${said}”.`,
      isMapped &&
        `The cluster maps the principal to ${mapping.username === undefined ? "a user" : `username ${mapping.username}`}.`,
      isUnmapped && "Neither an access entry nor aws-auth maps the principal.",
    ],
    falsifiedBy: "kubectl also fails with this identity, and its error shows a different cause.",
    fixes: [...(isUnmapped ? [] : [iamHalf(facts)]), ...(isMapped ? [] : kubernetesHalf(facts))],
  };
}

function iamHalf(facts: Facts): Fix {
  return allowEksActions(facts, {
    actions: ["eks:AccessKubernetesApi", "eks:DescribeCluster"],
    denial: facts.eksCall?.words ?? "",
    policyName: "eks-console",
    description:
      "Allow the console to view the cluster (to change objects, also allow eks:MutateViaKubernetesApi).",
  });
}

function kubernetesHalf(facts: Facts): Fix[] {
  const { target } = facts;
  const principal = likelyPrincipal(facts);
  const arn = principal === undefined ? "PRINCIPAL_ARN" : principalArn(facts, principal);
  const isThere = entryArns(facts.evidence).some((listed) => isSamePrincipal(listed, arn));
  const byEntry = forClusterAdmin(
    isThere
      ? "Allow the access entry to view the cluster."
      : "Create an access entry that can view the cluster.",
    ...openToEntries(facts),
    ...(isThere ? [] : [createEntry(target, arn)]),
    associateClusterWide(target, arn, "AmazonEKSViewPolicy"),
  );
  return byEntryOrLine(facts, arn, byEntry);
}
