import type { KubeRecord, Section } from "../../token/kubeconfig/kubeconfig-document.ts";
import {
  documentAt,
  type KubeconfigView,
  type MergedEntry,
  SECTION_NAMES,
} from "../../token/kubeconfig/kubeconfig-files.ts";
import type { FileChange } from "./file-change.ts";
import { type EntryEdit, editKubeconfig } from "./kubeconfig-edit.ts";

/** The merged kubeconfig with changes that are not written yet. Later decisions see earlier ones. */
export interface KubeconfigDraft {
  entry(section: Section, name: string): MergedEntry | undefined;
  names(section: Section): readonly string[];
  /** Sets an entry where it is; a new one goes to the file kubectl would put it into. */
  put(section: Section, name: string, body: KubeRecord): void;
  remove(section: Section, name: string): void;
  /** The files that change, and how. */
  changes(): readonly FileChange[];
}

/** Starts a draft from what the files say now. */
export function kubeconfigDraft(view: KubeconfigView): KubeconfigDraft {
  const entries = Object.fromEntries(
    SECTION_NAMES.map((section) => [section, new Map(view.entries[section])]),
  ) as Record<Section, Map<string, MergedEntry>>;
  const edits = new Map<string, Map<string, EntryEdit>>();

  const edit = (file: string, change: EntryEdit) => {
    const ofFile = edits.get(file) ?? new Map<string, EntryEdit>();
    ofFile.set(`${change.section}/${change.name}`, change);
    edits.set(file, ofFile);
  };
  return {
    entry: (section, name) => entries[section].get(name),
    names: (section) => [...entries[section].keys()],
    put(section, name, body) {
      const file = entries[section].get(name)?.path ?? view.newEntryPath;
      entries[section].set(name, { body, path: file });
      edit(file, { section, name, body });
    },
    remove(section, name) {
      const file = entries[section].get(name)?.path;
      entries[section].delete(name);
      if (file !== undefined) edit(file, { section, name, body: undefined });
    },
    changes: () => [...edits].flatMap(([file, ofFile]) => fileChange(view, file, [...ofFile.values()])),
  };
}

function fileChange(view: KubeconfigView, file: string, edits: readonly EntryEdit[]): FileChange[] {
  const document = documentAt(view, file);
  const after = editKubeconfig(document, { entries: edits });
  if (after === document.text) return [];
  const exists = view.documents.includes(document);
  return [
    {
      kind: "kubeconfig",
      path: file,
      before: exists ? document.text : undefined,
      after,
      entries: edits.map(({ section, name }) => ({ section, name })),
    },
  ];
}
