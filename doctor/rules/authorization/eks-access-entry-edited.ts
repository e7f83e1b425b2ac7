import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { associatedWith } from "../../derive/authorization/authorization.ts";
import { awsDate } from "../../derive/aws-date.ts";
import type { Facts } from "../../derive/facts.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { describeEntry } from "../../fixes/access-entry-actions.ts";
import { aws } from "../../fixes/aws.ts";

/** An edit older than this is not why something fails today that worked yesterday, in milliseconds. */
const RECENT_MS = 24 * 60 * 60 * 1000;

/** Dates of one and the same act may differ by this, in milliseconds. */
const SAME_ACT_MS = 60 * 1000;

/**
 * The entry, or a policy's scope, was changed a short while ago, and the change replaced what was there. It tells how a
 * right was lost, and not which one: only *possible*, next to a row that names the right.
 */
export const eksAccessEntryEdited = defineLegacyRule({
  code: "eks-access-entry-edited",
  stage: "authorization",
  causes: ["E9"],
  expects: "no recent change of the access entry took rights away",
  needs: ["mapping", "symptom", "now"],
  judge(facts) {
    const { mapping, symptom, now } = facts;
    const { entry, by } = mapping;
    if (by !== "entry" || entry === undefined || symptom.kind !== "forbidden") return [];
    const edits = editsOf(facts, entry.principalArn).filter(
      ({ at }) => now - at < RECENT_MS && at - now < SAME_ACT_MS,
    );
    const [first] = edits;
    if (first === undefined) return [];
    const target = commandTarget(facts);
    return [
      {
        cause: "E9",
        stage: "authorization",
        severity: "error",
        confidence: "possible",
        summary: `${first.what} of ${entry.principalArn} was changed ${minutes(now - first.at)} before: such a change replaces the whole list.`,
        evidence: edits.map(({ what, at }) => `${what} was modified at ${new Date(at).toISOString()}.`),
        falsifiedBy:
          "CloudTrail (events UpdateAccessEntry, AssociateAccessPolicy) shows that nothing was taken away.",
        fixes: [
          {
            audience: "cluster-admin",
            description: "See in CloudTrail what was there before, and put back the full list.",
            actions: [
              aws("cloudtrail lookup-events", {
                region: target.region,
                "lookup-attributes": "AttributeKey=EventName,AttributeValue=UpdateAccessEntry",
              }),
              describeEntry(target, entry.principalArn),
            ],
          },
        ],
        inferred: true,
      },
    ];
  },
});

interface Edit {
  readonly what: string;
  readonly at: number;
}

/** Changes after the making. */
function editsOf({ evidence }: Facts, principalArn: string): Edit[] {
  const details = knownValue(evidence.accessEntryDetails) ?? [];
  const entry = details.find(({ accessEntry }) => accessEntry.principalArn === principalArn)?.accessEntry;
  const policies = associatedWith(evidence, { principalArn }) ?? [];
  return [
    { what: "The access entry", made: entry?.createdAt, changed: entry?.modifiedAt },
    ...policies.map((policy) => ({
      what: `The scope of ${policy.policyArn.split("/").at(-1)}`,
      made: policy.associatedAt,
      changed: policy.modifiedAt,
    })),
  ].flatMap(({ what, made, changed }) => {
    const [from, at] = [awsDate(made), awsDate(changed)];
    return from !== undefined && at !== undefined && at - from > SAME_ACT_MS ? [{ what, at }] : [];
  });
}

function minutes(ms: number): string {
  const count = Math.max(0, Math.round(ms / 60_000));
  return count < 120 ? `${count} minutes` : `${Math.round(count / 60)} hours`;
}
