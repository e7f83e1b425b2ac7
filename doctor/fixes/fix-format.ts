/** Tools for which fixes can be written. Rules write them for `aws` and `kubectl`. */
export const FIX_FORMATS = ["aws", "kubectl", "eksctl", "terraform", "manifest"] as const;
export type FixFormat = (typeof FIX_FORMATS)[number];
