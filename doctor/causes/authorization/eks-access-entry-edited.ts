import { aws } from "../../../token/command/command.ts";
import { cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { associatedWith } from "../../derive/authorization/authorization.ts";
import { awsDate } from "../../eks/mapping/aws-date.ts";
import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { describeEntry } from "../../fixes/access-entry-actions.ts";
import { forClusterAdmin } from "../../fixes/fix.ts";

/** An edit older than this does not explain why something that worked yesterday fails today, in milliseconds. */
const RECENT_MS = 24 * 60 * 60 * 1000;

/** The dates of a single action can differ by this much, in milliseconds. */
const SAME_ACTION_MS = 60 * 1000;

/**
 * The entry, or a policy's scope, was changed recently, and the change replaced the previous value. This shows how a permission
 * was lost, but not which one: only *possible*, next to a cause that shows the permission.
 */
export const eksAccessEntryEdited = defineRule({
  cause: {
    id: "E9",
    what: "An edit of the access entry replaced its groups or the scope of its policies.",
    seen: "permissions disappeared",
    remedy:
      "Cluster admin: look up the previous list in CloudTrail (UpdateAccessEntry), and restore it in full.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/updating-access-entries.html",
  },
  expects: "no recent change to the access entry removed permissions",
  needs: ["symptom"],
  check({ symptom }, seen) {
    if (symptom.kind !== "forbidden") return doesNotApply("the API server did not deny a request");
    const { entry, by } = seen.mapping ?? {};
    if (by !== "entry" || entry === undefined) return doesNotApply("no access entry maps the caller");
    const { now } = seen;
    if (now === undefined) return cannotTell();
    const edits = editsOf(seen.evidence, entry.principalArn).filter(
      ({ at }) => now - at < RECENT_MS && at - now < SAME_ACTION_MS,
    );
    const [first] = edits;
    if (first === undefined) return passed;
    if ((seen.authorization?.allowedBy.length ?? 0) > 0) return doesNotApply("the request is now allowed");
    return found({
      confidence: "possible",
      inferred: true,
      describe: ({ target }) => ({
        summary: `${first.what} for ${entry.principalArn} was changed ${duration(now - first.at)} before this call; each change replaces the whole list, so a namespace or group may have been dropped.`,
        evidence: edits.map(({ what, at }) => `${what} was modified at ${new Date(at).toISOString()}.`),
        falsifiedBy:
          "The CloudTrail events UpdateAccessEntry and AssociateAccessPolicy show that nothing was removed.",
        fixes: [
          forClusterAdmin(
            "Look up the previous list in CloudTrail, and restore it completely.",
            aws("cloudtrail lookup-events", {
              region: target.region,
              "lookup-attributes": "AttributeKey=EventName,AttributeValue=UpdateAccessEntry",
            }),
            describeEntry(target, entry.principalArn),
          ),
        ],
      }),
    });
  },
});

interface Edit {
  readonly what: string;
  readonly at: number;
}

/** Changes after the creation. */
function editsOf(
  evidence: Pick<DoctorEvidence, "accessEntryDetails" | "associatedPolicies">,
  principalArn: string,
): Edit[] {
  const details = knownValue(evidence.accessEntryDetails) ?? [];
  const entry = details.find(({ accessEntry }) => accessEntry.principalArn === principalArn)?.accessEntry;
  const policies = associatedWith(evidence, { principalArn }) ?? [];
  return [
    { what: "The access entry", created: entry?.createdAt, changed: entry?.modifiedAt },
    ...policies.map((policy) => ({
      what: `The scope of ${policy.policyArn.split("/").at(-1)}`,
      created: policy.associatedAt,
      changed: policy.modifiedAt,
    })),
  ].flatMap(({ what, created, changed }) => {
    const [from, at] = [awsDate(created), awsDate(changed)];
    return from !== undefined && at !== undefined && at - from > SAME_ACTION_MS ? [{ what, at }] : [];
  });
}

function duration(ms: number): string {
  const count = Math.max(0, Math.round(ms / 60_000));
  if (count >= 120) return `${Math.round(count / 60)} hours`;
  return `${count} ${count === 1 ? "minute" : "minutes"}`;
}
