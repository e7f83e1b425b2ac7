import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { minConfidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { entryArns } from "../../eks/mapping/access-entry.ts";
import type { Mapping } from "../../eks/mapping/mapping.ts";
import { type Principal, principalOfArn } from "../../eks/principal/principal.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { recreateEntry } from "../../fixes/access-entry-fix.ts";
import { forClusterAdmin } from "../../fixes/fix.ts";
import { describeCaller } from "../shared/caller-words.ts";
import { READS_NO_ENTRIES } from "../shared/not-applicable.ts";

/** The shortest name whose occurrence in another name is significant, in characters. */
const TELLING_LENGTH = 3;

/**
 * An IAM user was renamed or moved after the entry was created: the ID is the same, but the ARN is not, and EKS requires both
 * to match. EKS never shows the ID, so a changed path is the best evidence available; similar names are only a hint.
 */
export const eksUserRenamed = defineRule({
  cause: {
    id: "E12",
    what: "The IAM user was renamed or moved: the ARN changed, but the unique ID did not.",
    seen: "401",
    remedy: "Cluster admin: if it is the same user, recreate the entry for the current ARN.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html",
  },
  expects: "the IAM user still has the name and path that its access entry was created with",
  needs: ["authFailureConfidence", "principal", "mapping"],
  check({ authFailureConfidence: confidence, principal, mapping }, seen) {
    if (principal.kind !== "user") return doesNotApply("the caller is not an IAM user");
    if (seen.authenticationMode === "CONFIG_MAP") return READS_NO_ENTRIES;
    if (mapping.entry !== undefined) return passed;
    const old = formerArn(seen, principal, mapping);
    if (old === undefined) return passed;
    if (mapping.by === "aws-auth") return doesNotApply("aws-auth maps the caller");
    return found({
      confidence: minConfidence(confidence, old.confidence),
      ...(old.confidence === "possible" ? { inferred: true } : { explains: ["E1", "A1"] }),
      describe: (facts) => {
        const details = knownValue(facts.evidence.accessEntryDetails) ?? [];
        const entry = details.find(({ accessEntry }) => accessEntry.principalArn === old.arn)?.accessEntry;
        return {
          summary: `The IAM user is now ${principal.arn}, but the access entry in ${facts.target.cluster} is for ${old.arn}.`,
          evidence: [
            describeCaller(facts, principal.arn),
            `The list of access entries has ${old.arn}, but not the caller's ARN.`,
          ],
          falsifiedBy: sentence`${aws("iam list-users")} lists both, so they are two different users.`,
          fixes: [
            forClusterAdmin(
              "If this is the same user, recreate the access entry with the current ARN.",
              ...recreateEntry(facts, entry ?? { principalArn: old.arn }, principal.arn),
            ),
          ],
        };
      },
    });
  },
});

function formerArn({ evidence }: Facts, principal: Principal, mapping: Mapping) {
  const moved = mapping.nearMisses.find(({ differs }) => differs === "path");
  if (moved !== undefined) return { arn: moved.principalArn, confidence: "likely" } as const;
  const alike = entryArns(evidence).find((arn) => isAlike(principalOfArn(arn), principal));
  return alike === undefined ? undefined : ({ arn: alike, confidence: "possible" } as const);
}

function isAlike(other: Principal | undefined, { account, name }: Principal): boolean {
  return other?.kind === "user" && other.account === account && resemble(other.name, name);
}

/** `ada` and `ada.lovelace`. */
function resemble(one: string, other: string): boolean {
  const [short = "", long = ""] = [one.toLowerCase(), other.toLowerCase()].sort(
    (a, b) => a.length - b.length,
  );
  return short.length >= TELLING_LENGTH && long.includes(short);
}
