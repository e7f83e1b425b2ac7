import type { AwsAuthMatch } from "../../eks/aws-auth/aws-auth.ts";
import { isSamePrincipal } from "../../eks/principal/principal.ts";
import { type ClusterCreator, knownValue } from "../../evidence/evidence.ts";
import type { Confidence } from "../confidence.ts";
import type { Facts } from "../facts.ts";

type CreatorCase = Pick<
  Facts,
  "evidence" | "symptom" | "authenticationMode" | "mapping" | "awsAuthView" | "principal"
>;

/**
 * The caller's line in aws-auth, if they are or may be the cluster's creator: in CONFIG_MAP the creator is administrator without
 * a line, and any line replaces that permission. If it is not known who the creator is, the only hint is that no one else is in
 * `system:masters`.
 *
 * Source: doctor/EKS-ACCESS.md, "Authentication mode".
 */
export function possibleCreator(facts: CreatorCase): AwsAuthMatch | undefined {
  if (facts.symptom?.kind !== "forbidden" || facts.authenticationMode !== "CONFIG_MAP") return undefined;
  const match = facts.mapping?.awsAuthMatch;
  if (match === undefined || match.by === "mapAccounts") return undefined;
  const view = facts.awsAuthView;
  if (view?.mapped === undefined) return undefined;
  const creator = creatorOf(facts);
  if (creator !== undefined) return creator.isCaller ? match : undefined;
  const mayHaveMasters =
    facts.mapping?.awsAuthIsExcerpt === true ||
    view.entries.some(({ groups }) => groups.includes("system:masters"));
  return mayHaveMasters ? undefined : match;
}

/** Who created the cluster. */
export interface KnownCreator extends ClusterCreator {
  readonly isCaller: boolean;
  /** CloudTrail proves it, a user's statement does not. */
  readonly confidence: Confidence;
}

/** Undefined: not known. */
export function creatorOf({
  evidence,
  principal,
}: Pick<Facts, "evidence" | "principal">): KnownCreator | undefined {
  // Few people know it, so it does not count as missing.
  const creator = "clusterCreator" in evidence ? knownValue(evidence.clusterCreator) : undefined;
  if (creator === undefined) return undefined;
  return {
    ...creator,
    isCaller: principal !== undefined && isSamePrincipal(creator.Arn, principal.arn),
    confidence: creator.source === "cloudtrail" ? "certain" : "likely",
  };
}

/** `CloudTrail reports that arn:… created the cluster.` */
export function describeCreator({ Arn, source }: ClusterCreator): string {
  return source === "cloudtrail"
    ? `CloudTrail reports that ${Arn} created the cluster.`
    : `${Arn} reportedly created the cluster.`;
}

/** Who created the cluster, if that is not the caller and so may be able to grant the caller access. */
export function otherCreator(facts: Pick<Facts, "evidence" | "principal">): string[] {
  const creator = creatorOf(facts);
  return creator === undefined || creator.isCaller ? [] : [describeCreator(creator)];
}
