import { type DoctorEvidence, hasMore, knownValue } from "../../evidence/evidence.ts";
import { looksLikeNodes } from "../../evidence/node-names.ts";
import { entryArns } from "./access-entry.ts";

/**
 * Roles that AWS services make for themselves; they never belong to a person.
 * Source: doctor/EKS-ACCESS.md, "Access entries".
 */
const SERVICE_ROLE = /:role\/aws-service-role\//;

/**
 * Whether any access entry may let a person in. False: every one of a complete list is known to be a node's or a service's.
 * Undefined: the list is not known in full, or an entry's type is not, nor does its name tell. `unlikely`: a name tells.
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
