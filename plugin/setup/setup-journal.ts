import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { withCommands } from "../../token/command/sentence.ts";
import { move } from "../../token/command/tasks.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { readTextFile } from "../../token/files/plain-file.ts";
import {
  ensurePrivateDirectory,
  type WriteCalls,
  writeFileAtomically,
} from "../../token/files/private-file.ts";
import { deleteFile } from "../../token/files/sharing.ts";
import { isRecord } from "../../token/record.ts";

/**
 * An entry of a kubeconfig (`contexts`, `lab-vouch`), its new current context or the former one that was removed
 * (`current-context`, `lab-vouch`), or a profile or session of an AWS config (`profile`, `vouch`; `sso-session`, `acme`).
 */
export interface ChangedEntry {
  readonly section: string;
  readonly name: string;
}

/** A file as it is and as it will be. */
export interface FileChange {
  readonly kind: "kubeconfig" | "aws-config";
  /** Absolute. */
  readonly path: string;
  /** Undefined when the file does not exist yet. */
  readonly before: string | undefined;
  /** Undefined when the file is removed. */
  readonly after: string | undefined;
  /** Everything that changes in it. */
  readonly entries: readonly ChangedEntry[];
}

/** What one command did to one file. */
export interface JournalFile {
  readonly path: string;
  /** SHA-256 of the bytes before; null when the file did not exist. Also the name of the backup. */
  readonly before: string | null;
  /** SHA-256 of the bytes after, and the name of their backup; null when the file was gone. */
  readonly after: string | null;
  readonly entries: readonly ChangedEntry[];
}

/** What one command did. */
export interface JournalStep {
  readonly kind: FileChange["kind"];
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly files: readonly JournalFile[];
}

/** Steps kept; older ones can no longer be undone. */
const MAX_STEPS = 50;

interface Journal {
  readonly steps: JournalStep[];
  /** Kubeconfigs that older steps wrote. */
  readonly earlier: readonly string[];
}

/** The steps that can be undone, the last one last. Throws `undo-impossible` when the journal cannot be read. */
export function readJournal(stateDir: string): JournalStep[] {
  return readWhole(stateDir).steps;
}

/** Every kubeconfig that setup wrote and did not undo, even if that can no longer be undone. Throws as above. */
export function kubeconfigsWritten(stateDir: string): readonly string[] {
  const { steps, earlier } = readWhole(stateDir);
  return [...new Set([...earlier, ...kubeconfigsOf(steps)])];
}

function kubeconfigsOf(steps: readonly JournalStep[]): string[] {
  return steps.flatMap(({ kind, files }) => (kind === "kubeconfig" ? files.map((file) => file.path) : []));
}

function readWhole(stateDir: string): Journal {
  const file = journalPath(stateDir);
  const text = readTextFile(file);
  if (text === undefined) return { steps: [], earlier: [] };
  try {
    const journal: unknown = JSON.parse(text);
    if (isRecord(journal) && journal["version"] === 1 && Array.isArray(journal["steps"])) {
      const { steps, earlier } = journal;
      return {
        steps,
        earlier: Array.isArray(earlier) ? earlier.filter((path) => typeof path === "string") : [],
      };
    }
  } catch {
    // Reported below, like JSON that is no journal.
  }
  throw new VouchError("undo-impossible", `${file} is not a kubectl-vouch journal.`, {
    hint: withCommands`Move it aside: ${move(file, `${file}.broken`)}`,
  });
}

/** Replaces the journal, and removes the backups that no step needs any more. */
export function writeJournal(stateDir: string, steps: readonly JournalStep[], calls?: WriteCalls): void {
  const kept = steps.slice(-MAX_STEPS);
  const earlier = new Set([...readWhole(stateDir).earlier, ...kubeconfigsOf(steps.slice(0, -MAX_STEPS))]);
  const text = `${JSON.stringify({ version: 1, steps: kept, earlier: [...earlier] }, null, 2)}\n`;
  writeFileAtomically(journalPath(stateDir), text, calls === undefined ? {} : { calls });
  const needed = new Set(kept.flatMap(({ files }) => files.flatMap(({ before, after }) => [before, after])));
  const folder = backupFolder(stateDir);
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
    if (!needed.has(name)) deleteFile(path.join(folder, name));
  }
}

/** Keeps the texts of a step's files before and after it, and returns their records. */
export function backUp(stateDir: string, changes: readonly FileChange[], calls?: WriteCalls): JournalFile[] {
  backUpTexts(
    stateDir,
    changes.flatMap(({ before, after }) => [before, after]),
    calls,
  );
  return changes.map(({ path: file, before, after, entries }) => ({
    path: file,
    before: hashOf(before),
    after: hashOf(after),
    entries,
  }));
}

/** Keeps texts under their hash, in private folders. */
export function backUpTexts(
  stateDir: string,
  texts: readonly (string | undefined)[],
  calls?: WriteCalls,
): void {
  ensurePrivateDirectory(stateDir);
  ensurePrivateDirectory(backupFolder(stateDir));
  for (const text of new Set(texts)) {
    if (text === undefined) continue;
    writeFileAtomically(
      backupPath(stateDir, String(hashOf(text))),
      text,
      calls === undefined ? {} : { calls },
    );
  }
}

/** The text of a hash in a file's record; undefined for null. Throws `undo-impossible` when the backup is gone. */
export function backedUp(stateDir: string, file: string, hash: string | null): string | undefined {
  if (hash === null) return undefined;
  const text = readTextFile(backupPath(stateDir, hash));
  if (text !== undefined && hashOf(text) === hash) return text;
  throw new VouchError("undo-impossible", `The backup of ${file} is missing or damaged.`);
}

/** Where the text of a hash is kept. */
export function backupPath(stateDir: string, hash: string): string {
  return path.join(backupFolder(stateDir), hash);
}

/** SHA-256; null where there is no file. */
export function hashOf(text: string | undefined): string | null {
  return text === undefined ? null : createHash("sha256").update(text).digest("hex");
}

function journalPath(stateDir: string): string {
  return path.join(stateDir, "setup-journal.json");
}

function backupFolder(stateDir: string): string {
  return path.join(stateDir, "backups");
}
