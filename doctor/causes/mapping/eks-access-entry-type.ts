import { cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { isInstanceSession } from "../../eks/principal/username-template.ts";
import { deleteEntry } from "../../fixes/access-entry-actions.ts";
import { forClusterAdmin } from "../../fixes/fix.ts";
import { entryMeant } from "../../fixes/grant-fixes.ts";
import { describeCaller } from "../shared/caller-words.ts";
import { NO_ENTRY } from "../shared/not-applicable.ts";

/** A user's role has an entry for nodes. The type of an entry cannot be changed. */
export const eksAccessEntryType = defineRule({
  cause: {
    id: "E6",
    what: "The access entry has the wrong type, which cannot be changed: a node type for a user, or STANDARD for nodes.",
    seen: "401 or 403 for a user; nodes never join",
    remedy:
      "Cluster admin: recreate the entry with the right type: STANDARD for users, EC2_LINUX (…) for nodes.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html",
  },
  expects: "a user's access entry has type STANDARD",
  needs: ["mapping", "principal"],
  check({ mapping, principal }, seen) {
    const { entry } = mapping;
    if (entry === undefined) return NO_ENTRY;
    const { type } = entry;
    if (type === undefined) return cannotTell("accessEntryDetails");
    if (type === "STANDARD") return passed;
    if (seen.isAboutNodes || isInstanceSession(principal)) return doesNotApply("the caller is a node");
    // Nodes use the role as well, and such an entry is right for them.
    if (principal.sessionName === undefined)
      return doesNotApply("no session name shows that a user has this role");
    if (mapping.by !== "entry") return doesNotApply("the access entry does not map the caller");
    const confidence = confidenceOf(seen);
    if (confidence === undefined) return doesNotApply("the cluster accepted the caller as a user");
    return found({
      confidence,
      explains: ["L8", "A12"],
      describe: (facts) => ({
        summary: `The access entry for ${entry.principalArn} in ${facts.target.cluster} has type ${type}, which is for nodes, but a user uses it.`,
        evidence: [
          `DescribeAccessEntry reports type ${type}, username ${entry.username ?? "not known"}.`,
          describeCaller(facts, principal.arn),
          "This session does not belong to an instance.",
          facts.symptom?.kind === "forbidden" && `The denial is for user "${facts.symptom.user}".`,
        ],
        falsifiedBy: "DescribeAccessEntry reports type STANDARD.",
        fixes: [
          forClusterAdmin(
            "If no node uses this role, delete the access entry and create one with type STANDARD. If nodes use it, create a separate role for the user.",
            deleteEntry(facts.target, entry.principalArn),
            ...entryMeant(facts, entry.principalArn, "STANDARD"),
          ),
        ],
      }),
    });
  },
});

/** With such an entry, a user gets a 401 or is mapped as a node. */
function confidenceOf(seen: Facts): Confidence | undefined {
  const { symptom } = seen;
  if (symptom?.kind !== "forbidden") return seen.authFailureConfidence;
  return /^system:node:/.test(symptom.user) ? "certain" : undefined;
}
