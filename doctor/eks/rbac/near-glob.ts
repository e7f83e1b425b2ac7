/**
 * The wildcard of a scope that looks as if it covered a namespace, but does not: `dev-*` for `dev` or `development`, `*-dev` for
 * `dev`. Only for namespaces that no pattern of the scope covers.
 */
export function nearGlob(scope: readonly string[], namespace: string): string | undefined {
  return scope.find((pattern) => {
    if (!pattern.includes("*")) return false;
    const stem = pattern.replaceAll("*", "").replaceAll(/^[-.]+|(?<![-.])[-.]+$/g, "");
    if (stem.length < 2) return false;
    return pattern.startsWith("*") ? namespace.endsWith(stem) : namespace.startsWith(stem);
  });
}
