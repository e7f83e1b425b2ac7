import { defineRule } from "../../check/rule.ts";
import { cannotTell, doesNotApply, found, passed } from "../../check/verdict.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { isInstanceSession } from "../../derive/identity/username-template.ts";
import { deleteEntry } from "../../fixes/access-entry-actions.ts";
import { forClusterAdmin } from "../../fixes/fix.ts";
import { entryMeant } from "../../fixes/meant-policy.ts";
import { NO_ENTRY } from "../shared/not-applicable.ts";
import { sayCaller } from "../shared/say-caller.ts";

/** A person's role has an entry for nodes. The type of an entry cannot be changed. */
export const eksAccessEntryType = defineRule({
  causes: [
    {
      id: "E6",
      what: "The entry is of the wrong type, which cannot be changed: one for nodes, but a user calls; STANDARD, but nodes call.",
      seen: "401 or 403 for a user; nodes never join",
    },
  ],
  expects: "a person's access entry is of type STANDARD",
  needs: ["mapping", "principal"],
  check({ mapping, principal }, seen) {
    const { entry } = mapping;
    if (entry === undefined) return NO_ENTRY;
    const { type } = entry;
    if (type === undefined) return cannotTell("accessEntryDetails");
    if (type === "STANDARD") return passed;
    if (seen.isAboutNodes || isInstanceSession(principal)) return doesNotApply("the caller is a node");
    // Nodes use the role, too, and such an entry is right for them.
    if (principal.sessionName === undefined)
      return doesNotApply("nobody's session shows that a person uses the role");
    if (mapping.by !== "entry") return doesNotApply("the access entry does not map the caller");
    const confidence = confidenceOf(seen);
    if (confidence === undefined) return doesNotApply("the cluster accepted the caller as a person");
    return found({
      confidence,
      explains: ["L8", "A12"],
      describe: (facts) => ({
        summary: `The access entry of ${entry.principalArn} in ${facts.target.cluster} is of type ${type}, which is for nodes, but a person uses it.`,
        evidence: [
          `DescribeAccessEntry says type ${type}, username ${entry.username ?? "not known"}.`,
          sayCaller(facts, principal.arn),
          "That is not the session of an instance.",
          facts.symptom?.kind === "forbidden" && `The refusal names the user "${facts.symptom.user}".`,
        ],
        falsifiedBy: "DescribeAccessEntry says type STANDARD.",
        fixes: [
          forClusterAdmin(
            "If no node uses this role: delete the entry, and create one of type STANDARD. If nodes do: give the person a role of their own.",
            deleteEntry(facts.target, entry.principalArn),
            ...entryMeant(facts, entry.principalArn, "STANDARD"),
          ),
        ],
      }),
    });
  },
});

/** Such an entry refuses a person (401), or lets them in as a node. */
function confidenceOf(seen: Facts): Confidence | undefined {
  const { symptom } = seen;
  if (symptom?.kind !== "forbidden") return seen.authFailureConfidence;
  return /^system:node:/.test(symptom.user) ? "certain" : undefined;
}
