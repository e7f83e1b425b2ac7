import { readExpiration } from "../../../token/aws/aws-credentials.ts";
import type { Facts } from "../../derive/facts.ts";
import { knownValue, type SourceFile } from "../../evidence/evidence.ts";

/**
 * The file of this kind that the plugin's credentials depend on; undefined if they depend on none, or the file was not looked up. The evidence
 * is read only if they depend on one.
 */
export function sourceFile(seen: Facts, kind: SourceFile["kind"]): SourceFile | undefined {
  const needed = seen.neededFiles?.find((file) => file.kind === kind);
  if (needed === undefined) return undefined;
  const isIt = (path: string) => path === needed.name || path.split(/[\\/]/).at(-1) === needed.name;
  return knownValue(seen.evidence.sourceFiles)?.find((file) => file.kind === kind && isIt(file.path));
}

/** Whether credentials of AWS's tools have expired, by the expiry in them; false if that is no date. */
export function hasEnded(expires: string, now = Number.NaN): boolean {
  return (readExpiration(expires) ?? Number.NaN) <= now;
}

/** Why a session does not provide a token, as a sentence; undefined if it provides one or can be refreshed. */
export function sessionFault(file: SourceFile | undefined, now: number | undefined): string | undefined {
  if (file === undefined) return undefined;
  const { path, state, expiresAt = "", refreshable } = file;
  if (state === "absent") return `Session file ${path} does not exist.`;
  if (state === "unreadable") return `${path} does not contain a session.`;
  const isOver = hasEnded(expiresAt, now) && refreshable !== true;
  return isOver
    ? `The session in ${path} expired at ${expiresAt} and does not have a refresh token.`
    : undefined;
}
