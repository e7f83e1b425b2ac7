import { aws } from "../../../token/command/command.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { awsDate } from "../../eks/mapping/aws-date.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { describeEntry } from "../../fixes/access-entry-actions.ts";
import { forClusterAdmin } from "../../fixes/fix.ts";
import { NO_ENTRY } from "../shared/not-applicable.ts";

/** Two programs manage one entry and keep recreating it in turn, so that two reads return different creation dates. */
export const eksAccessEntryFlapping = defineRule({
  cause: {
    id: "E13",
    what: "Something deletes and recreates the access entry every few seconds.",
    seen: "401 and 403 alternate",
    remedy:
      "Cluster admin: find who recreates the entry (CloudTrail, CreateAccessEntry), and leave it to one owner.",
  },
  expects: "all reads of the access entry return the same entry",
  needs: ["mapping"],
  check({ mapping }, seen) {
    const arn = mapping.entry?.principalArn;
    if (arn === undefined) return NO_ENTRY;
    const dates = (knownValue(seen.evidence.accessEntryDetails) ?? [])
      .filter(({ accessEntry }) => accessEntry.principalArn === arn)
      .map(({ accessEntry }) => awsDate(accessEntry.createdAt));
    const created = [...new Set(dates.filter((date) => date !== undefined))];
    if (created.length < 2) return passed;
    if (seen.symptom?.kind === "none") return doesNotApply("the call works");
    return found({
      confidence: "certain",
      explains: ["E3", "E5", "E9", "E10"],
      describe: ({ target }) => ({
        summary: `The access entry for ${arn} in ${target.cluster} keeps being deleted and recreated; access fails in between.`,
        evidence: created.map((date) => `One read returned createdAt ${new Date(date).toISOString()}.`),
        falsifiedBy: "createdAt stays the same for several minutes.",
        fixes: [
          forClusterAdmin(
            "Find out who creates the access entry (CloudTrail event CreateAccessEntry), and leave it to a single owner: one controller or one IaC stack.",
            aws("cloudtrail lookup-events", {
              region: target.region,
              "lookup-attributes": "AttributeKey=EventName,AttributeValue=CreateAccessEntry",
            }),
            describeEntry(target, arn),
          ),
        ],
      }),
    });
  },
});
