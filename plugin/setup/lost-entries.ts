import { debug } from "../../token/debug.ts";
import { VouchError } from "../../token/errors/errors.ts";
import {
  entriesOf,
  type KubeRecord,
  parseKubeconfig,
  type Section,
} from "../../token/kubeconfig/kubeconfig-document.ts";
import { backedUp, readJournal } from "./setup-journal.ts";
import { sameFile } from "./undo/undo-selection.ts";

/** An entry of a kubeconfig file, by its name. */
interface Wanted {
  readonly section: Section;
  readonly name: string;
}

/** An entry as we last wrote it into one of these files; undefined when no record of ours has it. */
export function entryAsWritten(
  stateDir: string,
  paths: readonly string[],
  { section, name }: Wanted,
): KubeRecord | undefined {
  try {
    for (const { kind, files } of readJournal(stateDir).toReversed()) {
      if (kind !== "kubeconfig") continue;
      for (const { path, after, entries } of files) {
        if (!paths.some((one) => sameFile(one, path))) continue;
        if (!entries.some((entry) => entry.section === section && entry.name === name)) continue;
        const text = backedUp(stateDir, path, after);
        const body = text && entriesOf(parseKubeconfig(text, path).model, section).get(name);
        if (body) return body;
      }
    }
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    debug(`cannot read how ${section} ${name} was written: ${error.message}`);
  }
  return undefined;
}
