import type { Diagnosis, RootCause } from "../../../doctor/check/diagnose.ts";
import { type RenderedFix, renderFix } from "../../../doctor/fixes/render-fix.ts";

/** Commands that take something away, and the change of mode, which EKS never takes back. */
const IRREVERSIBLE =
  /\bupdate-cluster-config .*authenticationMode|\bdelete-access-entry\b|\bdisassociate-access-policy\b|^kubectl delete\b|^aws iam (?:delete|detach)-/;

function isIrreversible({ commands }: RenderedFix): boolean {
  return commands.some((command) => IRREVERSIBLE.test(command));
}

function printedFixes({ fixes }: RootCause): readonly RenderedFix[] {
  return fixes.map((fix) => renderFix(fix, { shell: "bash" }));
}

export function isFirstFixIrreversible(root: RootCause): boolean {
  return printedFixes(root).slice(0, 1).some(isIrreversible);
}

/**
 * The first cause, where its first fix cannot be undone although the cause is not certain, or although another fix can be
 * undone.
 */
export function irreversibleWithoutCertainty({ rootCauses: [root] }: Diagnosis): string | undefined {
  if (root === undefined || !isFirstFixIrreversible(root)) return undefined;
  const isRight = root.confidence === "certain" && printedFixes(root).every(isIrreversible);
  return isRight ? undefined : `${root.cause} ${root.confidence}, ${printedFixes(root)[0]?.description}`;
}
