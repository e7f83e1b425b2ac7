import { isDeepStrictEqual } from "node:util";
import { readSharedFiles, valuesOf } from "../../token/aws/sources/shared-files.ts";
import {
  entriesOf,
  type KubeRecord,
  parseKubeconfig,
  type Section,
} from "../../token/kubeconfig/kubeconfig-document.ts";
import { currentContextOf } from "./kubeconfig-draft.ts";
import type { ChangedEntry, FileChange } from "./setup-journal.ts";

/** What becomes of an entry of a file. */
interface EntryOutcome extends ChangedEntry {
  readonly file: string;
  readonly did: "added" | "updated" | "removed";
}

/** The entries that the changes add, update or remove, file by file; those that stay the same are left out. */
export function changedEntries(changes: readonly FileChange[]): EntryOutcome[] {
  return changes.flatMap((change) => {
    const read = change.kind === "kubeconfig" ? kubeconfigReader : awsConfigReader;
    const [before, after] = [read(change.before, change.path), read(change.after, change.path)];
    return change.entries.flatMap((entry) => {
      const did = outcome(before(entry), after(entry));
      return did === undefined ? [] : [{ file: change.path, ...entry, did }];
    });
  });
}

function outcome(before: unknown, after: unknown): EntryOutcome["did"] | undefined {
  if (before === undefined && after === undefined) return undefined;
  if (before === undefined) return "added";
  if (after === undefined) return "removed";
  return isDeepStrictEqual(before, after) ? undefined : "updated";
}

type EntryReader = (entry: ChangedEntry) => unknown;

/** Each file is read once, however many entries of it change. */
function kubeconfigReader(text: string | undefined, path: string): EntryReader {
  const document = parseKubeconfig(text ?? "", path);
  const sections = new Map<string, ReadonlyMap<string, KubeRecord>>();
  return ({ section, name }) => {
    if (section === "current-context") return currentContextOf(document) || undefined;
    const entries = sections.get(section) ?? entriesOf(document.model, section as Section);
    sections.set(section, entries);
    return entries.get(name);
  };
}

/** The settings of the profiles and sessions in the text of an AWS config, each by its entry. */
export function awsConfigReader(
  text: string | undefined,
  path: string,
): (entry: ChangedEntry) => Readonly<Record<string, string>> | undefined {
  const { profiles, ssoSessions } = readSharedFiles({ path, text }, { path, text: undefined });
  return ({ section, name }) => {
    const found = (section === "profile" ? profiles : ssoSessions).get(name);
    return found && valuesOf(found);
  };
}
