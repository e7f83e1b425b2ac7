import type { Facts } from "../../derive/facts.ts";
import { knownValue, type SourceFile } from "../../evidence/evidence.ts";

/**
 * The file of this kind that the plugin's credentials depend on; undefined where they depend on none, or nobody looked. The
 * evidence is only asked for where there is one.
 */
export function sourceFile(seen: Facts, kind: SourceFile["kind"]): SourceFile | undefined {
  const isNeeded = seen.neededFiles?.some((file) => file.kind === kind);
  return isNeeded ? knownValue(seen.evidence.sourceFiles)?.find((file) => file.kind === kind) : undefined;
}

/** Why a session gives no token, as a sentence; undefined while it gives one, or another can be got for it. */
export function sessionFault(file: SourceFile | undefined, now: number | undefined): string | undefined {
  if (file === undefined) return undefined;
  const { path, state, expiresAt = "", refreshable } = file;
  if (state === "absent") return `There is no ${path}, where the session would be.`;
  if (state === "unreadable") return `${path} holds no session.`;
  const isOver = now !== undefined && Date.parse(expiresAt) <= now && refreshable !== true;
  return isOver ? `The session in ${path} ended at ${expiresAt}, and has no refresh token.` : undefined;
}

/** Whether the plugin was run, or AWS asked: then their own words decide. */
export function hasAnswered({ evidence }: Facts): boolean {
  return (knownValue(evidence.pluginRun) ?? knownValue(evidence.callerIdentity)) !== undefined;
}
