import { type AccessEntryJson, type DoctorEvidence, hasMore, knownValue } from "../../evidence/evidence.ts";
import { firstOf, lazy } from "../../evidence/reads.ts";
import { permissionSetRole } from "../principal/permission-set.ts";
import { type Principal, principalOfArn } from "../principal/principal.ts";

/**
 * EKS's message to a caller who creates an entry that already exists. Other resources are "in use" too, with a different wording.
 * Source: doctor/EKS-ACCESS.md, "Access entries".
 */
export const ENTRY_EXISTS = /The specified access entry resource is already in use(?: on this cluster)?/;

/** Whether a principal has an access entry. `unknown`: the list is missing, was refused, or is only its first page. */
export type EntrySearch =
  | { readonly state: "found"; readonly entry: AccessEntryJson }
  | { readonly state: "absent" | "unknown" };

/** An entry that resembles the principal's but is not, or that is written another way. */
export interface NearMiss {
  readonly principalArn: string;
  readonly differs: "path" | "account" | "permission-set" | "case" | "kind";
}

/**
 * Finds the entry of a principal: by ARN in any case, ignoring a role's path. First in the entries' details, then in the list.
 */
export function findEntry(evidence: DoctorEvidence, principal: Principal): EntrySearch {
  const isOurs = (arn: string) => isEntryOf(arn, principal);
  const search = firstOf(
    () => detailedEntry(evidence, isOurs),
    () => listedEntry(evidence, isOurs),
  );
  return search ?? { state: "unknown" };
}

type Test = (arn: string) => boolean;

function detailedEntry({ accessEntryDetails }: DoctorEvidence, isOurs: Test): EntrySearch | undefined {
  const detail = knownValue(accessEntryDetails)?.find(({ accessEntry }) => isOurs(accessEntry.principalArn));
  return detail && { state: "found", entry: detail.accessEntry };
}

function listedEntry(evidence: DoctorEvidence, isOurs: Test): EntrySearch | undefined {
  const list = knownValue(evidence.accessEntries);
  const listed = list?.accessEntries.find(isOurs);
  if (listed !== undefined) return { state: "found", entry: bareEntry(listed, evidence) };
  return list === undefined || hasMore(evidence, "accessEntries") ? undefined : { state: "absent" };
}

/** An entry of which only the ARN is known, from the list. Reading its other fields records the details as missing. */
function bareEntry(principalArn: string, evidence: DoctorEvidence): AccessEntryJson {
  const details = () => void knownValue(evidence.accessEntryDetails);
  return lazy<AccessEntryJson>({
    principalArn: () => principalArn,
    clusterName: details,
    kubernetesGroups: details,
    username: details,
    type: details,
    createdAt: details,
    modifiedAt: details,
  });
}

/** ARNs of all entries in the evidence, each once. */
export function entryArns(evidence: Pick<DoctorEvidence, "accessEntries" | "accessEntryDetails">): string[] {
  const details = knownValue(evidence.accessEntryDetails) ?? [];
  return [
    ...new Set([
      ...(knownValue(evidence.accessEntries)?.accessEntries ?? []),
      ...details.map(({ accessEntry }) => accessEntry.principalArn),
    ]),
  ];
}

/**
 * Entries that resemble the principal. `realArn` returns the principal's ARN with its path, if that is known; IAM allows a name
 * once per account, so another path means that the principal was recreated.
 */
export function findNearMisses(
  arns: readonly string[],
  principal: Principal,
  realArn: () => string | undefined,
): NearMiss[] {
  return arns.flatMap((principalArn) => {
    const differs = difference(principalArn, principal, realArn);
    return differs === undefined ? [] : [{ principalArn, differs }];
  });
}

function difference(
  entryArn: string,
  principal: Principal,
  realArn: () => string | undefined,
): NearMiss["differs"] | undefined {
  const entry = principalOfArn(entryArn);
  if (entry === undefined || entry.partition !== principal.partition) return undefined;
  const sameAccount = entry.account === principal.account;
  if (entry.name.toLowerCase() !== principal.name.toLowerCase()) {
    return sameAccount && isSameSetAnotherHash(entry.name, principal.name) ? "permission-set" : undefined;
  }
  if (!sameAccount) return entry.kind === principal.kind ? "account" : undefined;
  if (entry.kind !== principal.kind) return "kind";
  if (entry.name !== principal.name) return "case";
  const real = realArn();
  return real !== undefined && entryArn !== real ? "path" : undefined;
}

function isSameSetAnotherHash(one: string, other: string): boolean {
  const [a, b] = [permissionSetRole(one), permissionSetRole(other)];
  return a !== undefined && b !== undefined && a.set === b.set && a.hash !== b.hash;
}

function isEntryOf(entryArn: string, { canonicalArn }: Principal): boolean {
  return principalOfArn(entryArn)?.canonicalArn.toLowerCase() === canonicalArn.toLowerCase();
}
