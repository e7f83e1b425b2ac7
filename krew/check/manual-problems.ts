import path from "node:path";
import { MANUAL } from "../manual.ts";
import { unpack } from "./archive-problems.ts";

/** Where a page says what it is about and for which version: man(7), `.TH`, the fourth word. */
const HEAD = /^\.TH "KUBECTL\\-VOUCH" "1" "[^"]*" "kubectl\\-vouch ([^"]*)"/;

/**
 * What is wrong with the manual page in an archive, in words; empty if it is fine, and if the archive cannot be read. `version`
 * includes its `v`.
 *
 * Source: krew/PACKAGING.md, "Archives".
 */
export function manualProblems(
  archive: Buffer,
  { os, version }: { readonly os: string; readonly version: string },
): string[] {
  const { entries, problems } = unpack(archive);
  if (problems.length > 0) return [];
  const page = entries.find(({ name }) => path.posix.basename(name) === MANUAL);
  if (os === "windows")
    return page === undefined ? [] : [`${MANUAL} would be taken for a plugin, for it lies on the PATH`];
  if (page === undefined) return [`no ${MANUAL} among ${entries.map(({ name }) => name).join(", ")}`];
  const [, escaped] = HEAD.exec(page.bytes.toString()) ?? [];
  if (escaped === undefined) return [`${MANUAL} is no manual page of kubectl-vouch`];
  const its = `v${escaped.replaceAll("\\-", "-")}`;
  return [
    ...(its === version ? [] : [`${MANUAL} is of version ${its}, expected ${version}`]),
    ...((page.mode & 0o111) === 0 ? [] : [`${MANUAL} is executable, so kubectl would run it`]),
  ];
}
