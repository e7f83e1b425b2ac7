import { run } from "../../../token/command/command.ts";
import { defineRule, doesNotApply, found } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { ENTRY_EXISTS } from "../../eks/mapping/access-entry.ts";
import { hasMore, knownValue } from "../../evidence/evidence.ts";
import { deleteEntry, describeEntry } from "../../fixes/access-entry-actions.ts";
import { type Fix, forClusterAdmin, oneOf } from "../../fixes/fix.ts";
import { NOT_IN_THESE_WORDS, quoteEks } from "../shared/eks-refusal-rule.ts";

export const eksAccessEntryExists = defineRule({
  cause: {
    id: "E7",
    what: "The access entry already exists; a different user or tool created it.",
    seen: "ResourceInUseException",
    remedy: "Cluster admin: update the existing entry, or import it into Terraform's state.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/updating-access-entries.html",
  },
  expects: "an access entry is created only once",
  needs: ["eksCall"],
  check({ eksCall }, seen) {
    const [words] = ENTRY_EXISTS.exec(eksCall.words) ?? [];
    if (words === undefined) return doesNotApply(NOT_IN_THESE_WORDS);
    const { principalArn } = eksCall;
    const list = principalArn === undefined ? undefined : knownValue(seen.evidence.accessEntries);
    const isListed = list?.accessEntries.some((arn) => arn === principalArn);
    const isGone = isListed === false && !hasMore(seen.evidence, "accessEntries");
    return found({
      confidence: isGone ? "likely" : "certain",
      explains: ["E1", "M1", "M2"],
      describe: (facts) => {
        const arn = principalArn ?? "PRINCIPAL_ARN";
        return {
          summary: `Cluster ${facts.target.cluster} already has an access entry for ${arn}; each principal can have only one.`,
          evidence: [
            quoteEks(words),
            isListed && `ListAccessEntries returns ${arn}.`,
            isGone && `ListAccessEntries no longer returns ${arn}.`,
          ],
          falsifiedBy: "DescribeAccessEntry does not find the access entry.",
          fixes: fixes(facts, arn),
        };
      },
    });
  },
});

/** Terraform's name of the entry, if its error contains it: `with module.eks.aws_eks_access_entry.this["dev"],` */
function resourceIn(words = ""): string {
  const names = [...words.matchAll(/(?<!\S)with ([a-z][^\s,]{1,300}),/g)].map(([, name = ""]) => name);
  return names.find((name) => /(?:^|\.)aws_eks_access_entry\.\w/.test(name)) ?? "aws_eks_access_entry.NAME";
}

function fixes({ target, client, question }: Facts, arn: string): Fix[] {
  const look: Fix = forClusterAdmin(
    "Check the existing access entry; you can change its groups and username and associate policies without recreating it.",
    describeEntry(target, arn),
  );
  const take: Fix = forClusterAdmin(
    "Import the existing access entry into the Terraform state.",
    run("terraform", "import", {}, resourceIn(question?.stderr), `${target.cluster}:${arn}`),
  );
  const remove: Fix = forClusterAdmin(
    "If no one else manages the access entry, delete it first (this also removes its policies).",
    deleteEntry(target, arn),
  );
  const isTerraform = /terraform|tofu/.test(client?.name ?? question?.command ?? "");
  return isTerraform ? oneOf(take, look, remove) : oneOf(look, take, remove);
}
