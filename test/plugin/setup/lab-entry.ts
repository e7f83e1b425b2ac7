import type { EksEntry } from "../../../plugin/setup/eks-entry.ts";
import type { AwsIdentity, Identity, VouchIdentity } from "../../../token/kubeconfig/identity.ts";

/** A cluster as setup describes it. A test changes only what it is about. */
export function labEntry(
  changes: Partial<Omit<EksEntry, "source">> & Partial<Omit<VouchIdentity, "kind">> = {},
): EksEntry & { readonly source: VouchIdentity } {
  const { role, via, server, account, ...entry } = changes;
  const source: VouchIdentity = {
    kind: "vouch",
    role: role ?? "arn:aws:iam::111122223333:role/VouchDeveloper",
    via: via ?? [],
    server: server ?? "https://us.vouch.sh",
    account,
  };
  return { ...entryBy(source), ...entry, source };
}

/** The same by an AWS profile. */
export function profileEntry(
  profile: string,
  changes: Partial<Omit<AwsIdentity, "kind" | "profile">> = {},
): EksEntry {
  return entryBy({ kind: "aws", profile, role: undefined, via: [], env: {}, ...changes });
}

/** The same by its caller. */
export function ambientEntry(changes: Partial<Omit<AwsIdentity, "kind">> = {}): EksEntry {
  return entryBy({ kind: "aws", profile: undefined, role: undefined, via: [], env: {}, ...changes });
}

function entryBy(source: Identity): EksEntry {
  return {
    source,
    clusterName: "lab",
    partition: "aws",
    region: "us-east-1",
    accountId: "111122223333",
    endpoint: "https://ABCDEF0123456789.gr7.us-east-1.eks.amazonaws.com",
    caData: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==",
    command: "kubectl-vouch",
    interactive: false,
    version: "0.1.0",
  };
}
