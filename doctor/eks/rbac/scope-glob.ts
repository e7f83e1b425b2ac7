import { globCovers } from "../../../token/text/glob.ts";

/**
 * Whether a name or wildcard of an access scope covers a namespace. `*` stands for any text, even an empty one, so `dev-*` covers
 * `dev-a` but not `dev`. Source: doctor/EKS-ACCESS.md, "Access scope", "Not settled".
 */
export function coversNamespace(pattern: string, namespace: string): boolean {
  return globCovers(pattern, namespace, "");
}
