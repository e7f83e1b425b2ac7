/** The header that binds a token to one cluster. Source: EKS-TOKEN.md, "Verifier", steps 10 and 13. */
export const CLUSTER_HEADER = "x-k8s-aws-id";

/** Longest token a verifier reads, in bytes. Source: EKS-TOKEN.md, "Verifier", step 1. */
export const MAX_TOKEN_BYTES = 4096;
