import { parseAwsAuth, versionOf, wholeTexts } from "../../eks/aws-auth/aws-auth.ts";
import {
  type AccessEntryJson,
  type DoctorEvidence,
  isExcerpt,
  knownValue,
  type RbacObjectJson,
} from "../../evidence/evidence.ts";
import type { AccessScope } from "../fix.ts";

/** What is known of a cluster before a plan is carried out. Undefined always means: not known. */
export interface ClusterState {
  /** Null: there is no such entry. */
  readonly entry: (principalArn: string) => AccessEntryJson | null | undefined;
  readonly policies: (principalArn: string) => readonly PolicyScope[] | undefined;
  /** The texts of aws-auth; null: there is no such ConfigMap. */
  readonly awsAuth: Readonly<Record<string, string>> | null | undefined;
  /** Its resourceVersion. */
  readonly awsAuthVersion: string | undefined;
  /** Roles and bindings. */
  readonly rbac: readonly RbacObjectJson[] | undefined;
}

interface PolicyScope {
  readonly policyArn: string;
  readonly accessScope: AccessScope;
}

/** The state according to bundles of the same cluster, the latest first: what several know, the first one tells. */
export function stateOf(bundles: readonly DoctorEvidence[]): ClusterState {
  const first = <T>(read: (bundle: DoctorEvidence) => T | undefined): T | undefined => {
    for (const bundle of bundles) {
      const found = read(bundle);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const awsAuth = first((bundle) => (knownAwsAuth(bundle) === undefined ? undefined : bundle));
  return {
    entry: (arn) => {
      const found = first((bundle) => describedIn(bundle, arn) ?? listedIn(bundle, arn));
      return found ? (first((bundle) => describedIn(bundle, arn)) ?? found) : found;
    },
    policies: (arn) =>
      first(
        (bundle) =>
          knownValue(bundle.associatedPolicies)?.find(({ principalArn }) => principalArn === arn)
            ?.associatedAccessPolicies ?? (listedIn(bundle, arn) === null ? [] : undefined),
      ),
    awsAuth: awsAuth && knownAwsAuth(awsAuth),
    awsAuthVersion: awsAuth && versionOf(awsAuth),
    rbac: first((bundle) => (isExcerpt(bundle, "rbac") ? undefined : knownValue(bundle.rbac)?.items)),
  };
}

function describedIn({ accessEntryDetails }: DoctorEvidence, arn: string): AccessEntryJson | undefined {
  const details = knownValue(accessEntryDetails) ?? [];
  return details.find(({ accessEntry }) => accessEntry.principalArn === arn)?.accessEntry;
}

/** An entry of which only its existence is known; null if the whole list does not have it. */
function listedIn(bundle: DoctorEvidence, arn: string): AccessEntryJson | null | undefined {
  const listed = isExcerpt(bundle, "accessEntries") ? undefined : knownValue(bundle.accessEntries);
  if (listed === undefined) return undefined;
  return listed.accessEntries.includes(arn) ? { principalArn: arn } : null;
}

function knownAwsAuth(bundle: DoctorEvidence): Readonly<Record<string, string>> | null | undefined {
  if (bundle.awsAuth === null) return null;
  const isKnown = !isExcerpt(bundle, "awsAuth") && parseAwsAuth(bundle.awsAuth) !== undefined;
  return isKnown ? wholeTexts(bundle) : undefined;
}
