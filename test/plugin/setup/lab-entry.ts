import type { EksEntry } from "../../../plugin/setup/eks-entry.ts";
import type {
  AmbientSource,
  ContextSource,
  ProfileSource,
  VouchSource,
} from "../../../token/kubeconfig/context-source.ts";

/** A cluster as setup describes it. A test changes only what it is about. */
export function labEntry(
  changes: Partial<Omit<EksEntry, "source">> & Partial<Omit<VouchSource, "kind">> = {},
): EksEntry & { readonly source: VouchSource } {
  const { role, via, server, account, ...entry } = changes;
  const source: VouchSource = {
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
  changes: Partial<Omit<ProfileSource, "kind" | "profile">> = {},
): EksEntry {
  return entryBy({ kind: "profile", profile, role: undefined, via: [], env: {}, ...changes });
}

/** The same by its caller. */
export function ambientEntry(changes: Partial<Omit<AmbientSource, "kind">> = {}): EksEntry {
  return entryBy({ kind: "ambient", role: undefined, via: [], env: {}, ...changes });
}

function entryBy(source: ContextSource): EksEntry {
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
