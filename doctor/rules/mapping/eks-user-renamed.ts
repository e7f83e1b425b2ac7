import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { type Principal, principalOfArn } from "../../derive/identity/principal.ts";
import { entryArns } from "../../derive/mapping/access-entry.ts";
import { authFailureConfidence, minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { aws } from "../../fixes/aws.ts";
import { recreateEntry } from "../../fixes/recreate-entry.ts";

/** Shortest name that says something when it is part of another, in characters. */
const TELLING_LENGTH = 3;

/**
 * An IAM user got another name or path after the entry was made: same id, other ARN, and EKS wants both to fit. EKS never
 * shows the id, so that a moved path is the best there is; names that resemble are a hint only.
 */
export const eksUserRenamed = defineLegacyRule({
  code: "eks-user-renamed",
  stage: "mapping",
  causes: ["E12"],
  expects: "the IAM user has the name and path that its access entry was made with",
  needs: ["mapping", "principal"],
  judge(facts) {
    const { mapping, principal, authenticationMode } = facts;
    const bearing = authFailureConfidence(facts);
    if (principal.kind !== "user" || mapping.entry !== undefined || bearing === undefined) return [];
    if (mapping.by === "aws-auth" || authenticationMode === "CONFIG_MAP") return [];
    const old = formerArn(facts, principal);
    if (old === undefined) return [];
    const target = commandTarget(facts);
    const details = knownValue(facts.evidence.accessEntryDetails) ?? [];
    const entry = details.find(({ accessEntry }) => accessEntry.principalArn === old.arn)?.accessEntry;
    return [
      {
        cause: "E12",
        stage: "mapping",
        severity: "error",
        confidence: minConfidence(bearing, old.confidence),
        summary: `The IAM user is ${principal.arn} now, and cluster ${target.cluster} has an entry for ${old.arn}.`,
        evidence: [
          `AWS says that the caller is ${principal.arn}.`,
          `The list of access entries has ${old.arn}, and not the caller's ARN.`,
        ],
        falsifiedBy: sentence`${aws("iam list-users")} has both: then they are two people.`,
        fixes: [
          {
            audience: "cluster-admin",
            description: "If it is the same person: make the entry anew for today's ARN.",
            actions: recreateEntry({
              evidence: facts.evidence,
              target,
              entry: entry ?? { principalArn: old.arn },
              principalArn: principal.arn,
            }),
          },
        ],
        ...(old.confidence === "possible" ? { inferred: true } : { explains: ["E1", "A1"] }),
      },
    ];
  },
});

function formerArn(
  { mapping, evidence }: Facts,
  principal: Principal,
): { readonly arn: string; readonly confidence: Confidence } | undefined {
  const moved = mapping?.nearMisses.find(({ differs }) => differs === "path");
  if (moved !== undefined) return { arn: moved.principalArn, confidence: "likely" };
  const alike = entryArns(evidence).find((arn) => {
    const other = principalOfArn(arn);
    return (
      other?.kind === "user" && other.account === principal.account && resemble(other.name, principal.name)
    );
  });
  return alike === undefined ? undefined : { arn: alike, confidence: "possible" };
}

/** `ada` and `ada.lovelace`. */
function resemble(one: string, other: string): boolean {
  const [short = "", long = ""] = [one.toLowerCase(), other.toLowerCase()].sort(
    (a, b) => a.length - b.length,
  );
  return short.length >= TELLING_LENGTH && long.includes(short);
}
