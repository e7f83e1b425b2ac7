import { deleteEntry, describeEntry } from "../eks/entry-commands.ts";
import { known } from "../evidence.ts";
import { entryArns } from "../facts/access-entry.ts";
import { eksCall, targetOf } from "../facts/eks-call.ts";
import type { Facts } from "../facts/facts.ts";
import { defineRule, type Mend } from "../rule.ts";

/** Source: eks-auth, E7. Other resources are "in use" too, in other words. */
const EXISTS = /The specified access entry resource is already in use(?: on this cluster)?/;

export const eksAccessEntryExists = defineRule({
  code: "eks-access-entry-exists",
  causes: ["E7"],
  expects: "an access entry is made once",
  needs: ["symptom"],
  judge(facts) {
    const call = eksCall(facts);
    const [said] = EXISTS.exec(call?.words ?? "") ?? [];
    if (said === undefined) return [];
    const asked = call?.principalArn ?? "PRINCIPAL_ARN";
    const { cluster } = targetOf(facts);
    const isListed = entryArns(facts.evidence).includes(asked);
    const isGone =
      known(facts.evidence.accessEntries) !== undefined && !isListed && call?.principalArn !== undefined;
    return [
      {
        cause: "E7",
        stage: "mapping",
        severity: "error",
        confidence: isGone ? "likely" : "certain",
        summary: `Cluster ${cluster} has an access entry for ${asked} already; there is one per principal.`,
        evidence: [
          `EKS says “${said}”.`,
          ...(isListed ? [`ListAccessEntries has ${asked}.`] : []),
          ...(isGone ? [`ListAccessEntries does not have ${asked} any more.`] : []),
        ],
        disproof: "DescribeAccessEntry does not find it.",
        mends: mends(facts, asked),
        explains: ["E1", "M1", "M2"],
      },
    ];
  },
});

function mends(facts: Facts, asked: string): Mend[] {
  const target = targetOf(facts);
  const by = "an administrator of the cluster";
  const isTerraform = /terraform|tofu/.test(
    known(facts.evidence.client)?.name ?? facts.evidence.question?.command ?? "",
  );
  const look: Mend = {
    by,
    does: "See what it says; groups and username can be changed, policies associated, without making it anew.",
    commands: [describeEntry(target, asked)],
  };
  const take: Mend = {
    by,
    does: "Take the entry that exists into Terraform's state.",
    commands: [["terraform", "import", "aws_eks_access_entry.NAME", `${target.cluster}:${asked}`]],
  };
  const remove: Mend = {
    by,
    does: "Or, if nobody else manages it, delete it first (its policies go with it).",
    commands: [deleteEntry(target, asked)],
  };
  return isTerraform ? [take, look, remove] : [look, take, remove];
}
