import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { awsDate } from "../../derive/aws-date.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import { type AccessEntryJson, knownValue } from "../../evidence/evidence.ts";
import { describeEntry } from "../../fixes/access-entry-actions.ts";
import { aws } from "../../fixes/aws.ts";

/** Two programs own one entry and make it anew by turns: two readings of it have two dates of making. */
export const eksAccessEntryFlapping = defineLegacyRule({
  code: "eks-access-entry-flapping",
  stage: "mapping",
  causes: ["E13"],
  expects: "one reading of the access entry is like the next",
  needs: ["mapping"],
  judge(facts) {
    const { mapping, evidence, symptom } = facts;
    const arn = mapping.entry?.principalArn;
    const readings = (knownValue(evidence.accessEntryDetails) ?? [])
      .map(({ accessEntry }) => accessEntry)
      .filter(({ principalArn }) => principalArn === arn);
    const made = [...new Set(readings.map(madeAt).filter((at) => at !== undefined))];
    if (arn === undefined || made.length < 2 || symptom?.kind === "none") return [];
    const target = commandTarget(facts);
    return [
      {
        cause: "E13",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        summary: `Something deletes and makes anew the access entry of ${arn} in ${target.cluster}, again and again: in between it lets nobody in.`,
        evidence: made.map((at) => `One reading says createdAt ${new Date(at).toISOString()}.`),
        falsifiedBy: "createdAt stands still over some minutes.",
        fixes: [
          {
            audience: "cluster-admin",
            description:
              "Find who makes it (CloudTrail, CreateAccessEntry), and leave it to one owner: one controller, or one IaC stack.",
            actions: [
              aws("cloudtrail lookup-events", {
                region: target.region,
                "lookup-attributes": "AttributeKey=EventName,AttributeValue=CreateAccessEntry",
              }),
              describeEntry(target, arn),
            ],
          },
        ],
        explains: ["E3", "E5", "E9", "E10"],
      },
    ];
  },
});

function madeAt({ createdAt }: AccessEntryJson): number | undefined {
  return awsDate(createdAt);
}
