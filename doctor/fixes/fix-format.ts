/** Tools that a fix can be written for. Rules write for `aws` and `kubectl`. */
export const FIX_FORMATS = ["aws", "kubectl", "eksctl", "terraform", "manifest"] as const;
export type FixFormat = (typeof FIX_FORMATS)[number];
