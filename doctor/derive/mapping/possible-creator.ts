import { awsAuthView } from "./aws-auth-view.ts";
import type { MappingCase } from "./mapping.ts";

/**
 * Whether the caller may be the cluster's creator, whose line in aws-auth took the place of full rights: in CONFIG_MAP the
 * creator is administrator without a line, and here nobody else is. Who the creator is stands in CloudTrail, not in the evidence.
 *
 * Source: doctor/EKS-ACCESS.md, "Authentication mode".
 */
export function mayBeCreator(facts: MappingCase): boolean {
  if (facts.symptom?.kind !== "forbidden" || facts.authenticationMode !== "CONFIG_MAP") return false;
  const match = facts.mapping?.awsAuthMatch;
  const view = awsAuthView(facts);
  if (view?.mapped === undefined || match === undefined || match.by === "mapAccounts") return false;
  return !view.entries.some(({ groups }) => groups.includes("system:masters"));
}
