import { globCovers } from "../../token/text/glob.ts";

/**
 * Whether a name or wildcard of an access scope covers a namespace. `*` stands for any text, none included, so `dev-*`
 * covers `dev-a` and not `dev`. Source: eks-auth, B3; that only a `*` at the end is documented: F3.
 */
export function coversNamespace(pattern: string, namespace: string): boolean {
  return globCovers(pattern, namespace, "");
}
