import type { AwsAuthMatch } from "./aws-auth.ts";
import type { AwsAuthView } from "./aws-auth-view.ts";
import type { MappingCase } from "./mapping.ts";

/** What tells whether the caller may be the cluster's creator. */
export interface CreatorCase extends Pick<MappingCase, "symptom" | "authenticationMode" | "mapping"> {
  readonly awsAuthView: AwsAuthView | undefined;
}

/**
 * The caller's line in aws-auth, where they may be the cluster's creator: in CONFIG_MAP the creator is administrator
 * without a line, any line replaces that, and here nobody else is in `system:masters`. CloudTrail knows who the creator
 * is, the evidence does not.
 *
 * Source: doctor/EKS-ACCESS.md, "Authentication mode".
 */
export function possibleCreator(facts: CreatorCase): AwsAuthMatch | undefined {
  if (facts.symptom?.kind !== "forbidden" || facts.authenticationMode !== "CONFIG_MAP") return undefined;
  const match = facts.mapping?.awsAuthMatch;
  if (match === undefined || match.by === "mapAccounts") return undefined;
  const view = facts.awsAuthView;
  if (view?.mapped === undefined) return undefined;
  return view.entries.some(({ groups }) => groups.includes("system:masters")) ? undefined : match;
}
