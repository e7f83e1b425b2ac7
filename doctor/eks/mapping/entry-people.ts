import { type DoctorEvidence, hasMore, knownValue } from "../../evidence/evidence.ts";
import { looksLikeNodes } from "../../evidence/node-names.ts";
import { entryArns } from "./access-entry.ts";

/**
 * Roles that AWS services create for themselves; they never belong to a user. Source: doctor/EKS-ACCESS.md, "Access entries".
 */
export const SERVICE_ROLE = /:role\/aws-service-role\//;

/**
 * Whether any access entry may let a user in. False: the list is complete, and every entry is known to be for nodes or a
 * service. Undefined: the list is not completely known, or neither the type nor the name of an entry shows what it is for.
 * `unlikely`: judged by a name.
 */
export function entriesHavePeople(
  evidence: Pick<DoctorEvidence, "accessEntries" | "accessEntryDetails" | "excerpts">,
): boolean | "unlikely" | undefined {
  if (knownValue(evidence.accessEntries) === undefined) return undefined;
  const details = knownValue(evidence.accessEntryDetails) ?? [];
  const kinds = entryArns(evidence).map((arn) => {
    if (SERVICE_ROLE.test(arn)) return false;
    const type = details.find(({ accessEntry }) => accessEntry.principalArn === arn)?.accessEntry.type;
    if (type === undefined) return looksLikeNodes(arn.split("/").at(-1) ?? "") ? "node by name" : undefined;
    return type === "STANDARD";
  });
  if (kinds.includes(true)) return true;
  if (kinds.includes(undefined) || hasMore(evidence, "accessEntries")) return undefined;
  return kinds.includes("node by name") ? "unlikely" : false;
}
