import type { Facts } from "../derive/facts.ts";
import { parseAwsAuth } from "../eks/aws-auth/aws-auth.ts";
import { principalOfArn } from "../eks/principal/principal.ts";
import { isExcerpt, knownValue } from "../evidence/evidence.ts";

/** Who else gets what is granted to the caller's group: `role Ops and any other members of the group get it too`. */
export function sayOthersIn({ evidence, mapping, principal, authorization }: Facts, group: string): string {
  const details = knownValue(evidence.accessEntryDetails) ?? [];
  const entries = details.map(({ accessEntry }) => accessEntry);
  const awsAuth = parseAwsAuth(evidence.awsAuth);
  const lines = [...(awsAuth?.roles.entries ?? []), ...(awsAuth?.users.entries ?? [])];
  const isIn = ({ kubernetesGroups = [] }: { readonly kubernetesGroups?: readonly string[] }) =>
    kubernetesGroups.includes(group);
  const arns = [
    ...entries.filter(isIn).map(({ principalArn }) => principalArn),
    ...lines.filter(({ groups }) => groups.includes(group)).map(({ arn }) => arn),
  ];
  const own = [mapping?.entry?.principalArn, principal?.canonicalArn].map((arn) => arn?.toLowerCase());
  const names = arns.filter((arn) => !own.includes(arn.toLowerCase())).map(nameOf);
  // A cluster does not know the members of an identity provider's groups.
  const isOfProvider = authorization?.isByOidc === true;
  const isWhole =
    !isOfProvider &&
    isEveryEntryKnown({ evidence }) &&
    awsAuth !== undefined &&
    !isExcerpt(evidence, "awsAuth");
  const others = [...new Set(names), ...(isWhole ? [] : ["any other members of the group"])];
  if (others.length === 0) return "no other access entry or aws-auth mapping has this group";
  const last = others.at(-1) ?? "";
  const all = others.length === 1 ? last : `${others.slice(0, -1).join(", ")} and ${last}`;
  return `${all} ${isWhole && others.length === 1 ? "gets" : "get"} it too`;
}

function isEveryEntryKnown({ evidence }: Pick<Facts, "evidence">): boolean {
  const list = knownValue(evidence.accessEntries);
  const details = knownValue(evidence.accessEntryDetails) ?? [];
  const known = new Set(details.map(({ accessEntry }) => accessEntry.principalArn));
  return list?.accessEntries.every((arn) => known.has(arn)) === true;
}

/** `role Ops` */
function nameOf(arn: string): string {
  const principal = principalOfArn(arn);
  return principal === undefined ? arn : `${principal.kind} ${principal.name}`;
}
