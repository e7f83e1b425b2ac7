/**
 * What krew refuses in an archive, and what it accepts although it would harm the user.
 *
 * Source: krew 0.4.3, internal/download/downloader.go.
 */
import type { ArchiveEntry } from "../archive/entry.ts";
import { readArchive } from "../archive/read.ts";

/** Written by `git archive`; krew skips it. */
const PAX_GLOBAL_HEADER = "pax_global_header";

/** An archive's files and folders, or why krew would not unpack it. */
export interface Unpacked {
  readonly entries: readonly ArchiveEntry[];
  /** In words; empty if krew unpacks it. */
  readonly problems: readonly string[];
}

/** Reads an archive as krew does. */
export function unpack(archive: Buffer): Unpacked {
  try {
    const entries = readArchive(archive).filter(({ name }) => name !== PAX_GLOBAL_HEADER);
    return { entries, problems: [...entries.flatMap(entryProblems), ...repeated(entries)] };
  } catch (error) {
    return { entries: [], problems: [`cannot be unpacked: ${(error as Error).message}`] };
  }
}

function entryProblems({ name, type }: ArchiveEntry): string[] {
  return [
    ...(name.includes("..") ? [`has two dots in the name "${name}"`] : []),
    ...(/^[/\\]/.test(name) ? [`has the absolute name "${name}"`] : []),
    ...(type === "file" || type === "directory"
      ? []
      : [`has "${name}", which is neither file nor folder (${type})`]),
  ];
}

/**
 * Two files with one name: the second only overwrites as many bytes as it has. Windows and macOS treat "A" and "a" as the same.
 */
function repeated(entries: readonly ArchiveEntry[]): string[] {
  const files = entries.filter(({ type }) => type === "file").map(({ name }) => name);
  return files
    .filter((name, i) => files.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < i)
    .map((name) => `has "${name}" twice`);
}
