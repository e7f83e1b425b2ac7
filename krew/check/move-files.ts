/**
 * Where an archive's files end up in the plugin's folder.
 *
 * Source: krew 0.4.3, internal/installation/move.go.
 */
import path from "node:path";
import type { ArchiveEntry } from "../archive/entry.ts";
import type { FileOperation } from "./manifest.ts";

/** The default for a manifest without `files`. */
const EVERYTHING: readonly FileOperation[] = [{ from: "*", to: "." }];

/** Files by their path in a folder, without a leading "./". */
export type Files = ReadonlyMap<string, ArchiveEntry>;

/** An archive's files after all moves, or why they cannot be moved. */
export interface Moved {
  readonly files: Files;
  readonly problems: readonly string[];
}

/** Carries out the operations one after another, since each removes what it moves. */
export function moveFiles(
  entries: readonly ArchiveEntry[],
  operations: readonly FileOperation[] | null | undefined,
): Moved {
  const left = new Map(
    entries
      .filter(({ type }) => type === "file")
      .map((entry) => [path.posix.normalize(entry.name), entry] as const),
  );
  const moved = new Map<string, ArchiveEntry>();
  const problems = (operations ?? EVERYTHING).flatMap(({ from, to }) =>
    move(left, moved, String(from), String(to)),
  );
  return { files: moved, problems };
}

function move(
  left: Map<string, ArchiveEntry>,
  moved: Map<string, ArchiveEntry>,
  from: string,
  to: string,
): string[] {
  const source = path.posix.normalize(from);
  const isHere = [...left.keys()].some((name) => isBelow(name, source));
  const sources = isHere ? [source] : matching([...left.keys()], source);
  if (sources.length === 0) return [`no file in the archive matches "${from}"`];
  return sources.flatMap((one) => {
    const renamed = isHere && path.posix.normalize(to) !== ".";
    const target = path.posix.normalize(renamed ? to : path.posix.join(to, path.posix.basename(one)));
    if (target.startsWith("..") || one.startsWith(".."))
      return [`"${from}" would be moved out of its folder`];
    for (const [name, entry] of [...left].filter(([name]) => isBelow(name, one))) {
      moved.set(path.posix.join(target, name.slice(one.length)), entry);
      left.delete(name);
    }
    return [];
  });
}

function isBelow(name: string, folder: string): boolean {
  return name === folder || name.startsWith(`${folder}/`);
}

/** Files and folders that match a glob: `*` and `?` stay within one part of a path. */
function matching(names: readonly string[], glob: string): string[] {
  const depth = glob.split("/").length;
  const patterns = glob.split("/");
  const atDepth = names.map((name) => name.split("/").slice(0, depth).join("/"));
  return [...new Set(atDepth)].filter((name) => {
    const parts = name.split("/");
    return parts.length === depth && parts.every((part, index) => covers(patterns[index] ?? "", part));
  });
}

/** Each `*` in turn matches as little as possible. */
function covers(pattern: string, name: string): boolean {
  const [first = "", ...others] = pattern.split("*");
  const fits = (part: string, at: number) =>
    at + part.length <= name.length &&
    [...part].every((letter, index) => letter === "?" || letter === name[at + index]);
  const last = others.pop();
  if (last === undefined) return name.length === first.length && fits(first, 0);
  let at = first.length;
  for (const part of others) {
    while (at + part.length <= name.length && !fits(part, at)) at += 1;
    at += part.length;
  }
  const end = name.length - last.length;
  return fits(first, 0) && at <= end && fits(last, end);
}
