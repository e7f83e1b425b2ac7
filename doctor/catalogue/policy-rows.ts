import { catalogueSection } from "./catalogue-row.ts";

/** Policies and scope: rows of the catalogue. */
export const POLICY_ROWS = catalogueSection({
  title: "Policies and scope",
  rows: [
    {
      id: "P1",
      cause: "The namespace is not in the scope of the policy.",
      seen: "403 in one namespace",
    },
    {
      id: "P2",
      cause: "The namespace seems to match a wildcard of the scope, but does not.",
      seen: "403",
    },
    {
      id: "P3",
      cause: "The request is for the whole cluster, and the policy's scope or its resources are not.",
      seen: "403 at the cluster scope",
    },
    {
      id: "P4",
      cause: "The policy does not contain secrets.",
      seen: "secrets is forbidden",
    },
    {
      id: "P5",
      cause: "The resource is in an API group that policies do not contain.",
      seen: "403 for custom resources",
    },
    {
      id: "P6",
      cause: "The caller grants rights that come only from a policy, which RBAC does not count.",
      seen: "attempting to grant RBAC permissions not currently held",
    },
    {
      id: "P7",
      cause: "The request impersonates somebody, and then policies do not count.",
      seen: "403 with --as",
    },
    {
      id: "P8",
      cause: "The listing of rights shows RBAC only.",
      seen: "can-i --list shows nothing",
    },
    {
      id: "P9",
      cause:
        "The policy cannot be associated: wrong ARN, a policy for AWS itself, or an entry that is not STANDARD.",
      seen: "associate-access-policy fails",
    },
    {
      id: "P10",
      cause: "Each association overwrote the scope of the one before it.",
      seen: "only the last namespace works",
    },
    {
      id: "P11",
      cause: "IAM does not allow the caller this call of the EKS API.",
      seen: "AccessDeniedException … eks:DescribeCluster",
    },
    {
      id: "P12",
      cause: "The console lacks the IAM right or the mapping that it needs.",
      seen: "does not have access to Kubernetes objects",
    },
    {
      id: "P13",
      cause: "kubectl top, debug and drain need resources that no policy contains.",
      seen: "only these are forbidden",
    },
    {
      id: "P14",
      cause: "An entry of this type needs iam:PassRole.",
      seen: "not authorized to perform: iam:PassRole",
    },
  ],
});
