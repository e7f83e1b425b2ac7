import type { EksEntry } from "../../../plugin/setup/eks-entry.ts";

/** A cluster as setup describes it. A test changes only what it is about. */
export function labEntry(changes: Partial<EksEntry> = {}): EksEntry {
  return {
    clusterName: "lab",
    partition: "aws",
    region: "us-east-1",
    accountId: "111122223333",
    endpoint: "https://ABCDEF0123456789.gr7.us-east-1.eks.amazonaws.com",
    caData: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==",
    role: "arn:aws:iam::111122223333:role/VouchDeveloper",
    via: [],
    server: "https://us.vouch.sh",
    command: "kubectl-vouch",
    interactive: false,
    version: "0.1.0",
    ...changes,
  };
}
