import { run } from "../../../token/command/command.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { entryArns } from "../../derive/mapping/access-entry.ts";
import { commandTarget, eksCall } from "../../derive/target/eks-call.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { deleteEntry, describeEntry } from "../../fixes/access-entry-actions.ts";
import type { Fix } from "../../fixes/fix.ts";

/** Source: doctor/EKS-ACCESS.md, "Access entries". Other resources are "in use" too, in other words. */
const EXISTS = /The specified access entry resource is already in use(?: on this cluster)?/;

export const eksAccessEntryExists = defineLegacyRule({
  code: "eks-access-entry-exists",
  stage: "mapping",
  causes: ["E7"],
  expects: "an access entry is made once",
  needs: ["symptom"],
  judge(facts) {
    const call = eksCall(facts);
    const [said] = EXISTS.exec(call?.words ?? "") ?? [];
    if (said === undefined) return [];
    const asked = call?.principalArn ?? "PRINCIPAL_ARN";
    const { cluster } = commandTarget(facts);
    const isListed = entryArns(facts.evidence).includes(asked);
    const isGone =
      knownValue(facts.evidence.accessEntries) !== undefined && !isListed && call?.principalArn !== undefined;
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
        falsifiedBy: "DescribeAccessEntry does not find it.",
        fixes: fixes(facts, asked),
        explains: ["E1", "M1", "M2"],
      },
    ];
  },
});

function fixes(facts: Facts, asked: string): Fix[] {
  const target = commandTarget(facts);
  const isTerraform = /terraform|tofu/.test(
    knownValue(facts.evidence.client)?.name ?? facts.evidence.question?.command ?? "",
  );
  const look: Fix = {
    audience: "cluster-admin",
    description:
      "See what it says; groups and username can be changed, policies associated, without making it anew.",
    actions: [describeEntry(target, asked)],
  };
  const take: Fix = {
    audience: "cluster-admin",
    description: "Take the entry that exists into Terraform's state.",
    actions: [run("terraform", "import", {}, "aws_eks_access_entry.NAME", `${target.cluster}:${asked}`)],
  };
  const remove: Fix = {
    audience: "cluster-admin",
    description: "Or, if nobody else manages it, delete it first (its policies go with it).",
    actions: [deleteEntry(target, asked)],
  };
  return isTerraform ? [take, look, remove] : [look, take, remove];
}
