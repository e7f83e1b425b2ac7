import type { KubeconfigDocument, KubeRecord, Section } from "../../token/kubeconfig/kubeconfig-document.ts";
import {
  documentAt,
  type KubeconfigView,
  type MergedEntry,
  SECTION_NAMES,
} from "../../token/kubeconfig/kubeconfig-view.ts";
import { type EntryEdit, editKubeconfig } from "./kubeconfig-edit.ts";
import type { FileChange } from "./setup-journal.ts";

/** The merged kubeconfig with changes that are not written yet. Later decisions see earlier ones. */
export interface KubeconfigDraft {
  entry(section: Section, name: string): MergedEntry | undefined;
  /** The body of an entry; `name` as another entry gives it. Empty if there is no such entry. */
  body(section: Section, name: unknown): KubeRecord;
  names(section: Section): readonly string[];
  /** Sets an entry where it is; a new one goes to the file kubectl would put it into. */
  put(section: Section, name: string, body: KubeRecord): void;
  /** Renames a context; a file whose current context it is names it by the new name. */
  renameContext(name: string, to: string): void;
  /** A removed context is no file's current context any more, even if another takes its name afterwards. */
  remove(section: Section, name: string): void;
  /** Makes a context the current one, in the file kubectl would write that into. */
  setCurrentContext(name: string): void;
  /** Files whose current context was removed. */
  leftCurrentContexts(): readonly LeftCurrentContext[];
  /** The files that change, and how. */
  changes(): readonly FileChange[];
}

/** A file whose `current-context` is cleared, because the context it named was removed. */
export interface LeftCurrentContext {
  readonly path: string;
  readonly name: string;
}

/** Starts a draft from what the files say now. */
export function kubeconfigDraft(view: KubeconfigView): KubeconfigDraft {
  const entries = Object.fromEntries(
    SECTION_NAMES.map((section) => [section, new Map(view.entries[section])]),
  ) as Record<Section, Map<string, MergedEntry>>;
  const edits = new Map<string, Map<string, EntryEdit>>();
  const removedContexts = new Set<string>();
  const renamedContexts = new Map<string, string>();
  let chosen: string | undefined;

  const editsOf = (file: string) => {
    const ofFile = edits.get(file) ?? new Map<string, EntryEdit>();
    edits.set(file, ofFile);
    return ofFile;
  };
  const edit = (file: string, change: EntryEdit) =>
    editsOf(file).set(`${change.section}/${change.name}`, { ...change, was: wasOf(file, change) });
  const wasOf = (file: string, { section, name, was }: EntryEdit) =>
    was ?? edits.get(file)?.get(`${section}/${name}`)?.was;
  const left = () =>
    view.documents.flatMap((document) => {
      const name = currentContextOf(document);
      return removedContexts.has(name) ? [{ path: document.path, name }] : [];
    });
  return {
    entry: (section, name) => entries[section].get(name),
    body: (section, name) => entries[section].get(String(name ?? ""))?.body ?? {},
    names: (section) => [...entries[section].keys()],
    put(section, name, body) {
      const file = entries[section].get(name)?.path ?? view.newEntryPath;
      entries[section].set(name, { body, path: file });
      edit(file, { section, name, body });
    },
    renameContext(name, to) {
      const { contexts } = entries;
      const found = contexts.get(name);
      if (found === undefined) return;
      const all = [...contexts].map(([key, entry]) => [key === name ? to : key, entry] as const);
      contexts.clear();
      for (const [key, entry] of all) contexts.set(key, entry);
      renamedContexts.set(name, to);
      edit(found.path, { section: "contexts", name: to, was: name, body: found.body });
      for (const document of view.documents) if (currentContextOf(document) === name) editsOf(document.path);
    },
    remove(section, name) {
      const file = entries[section].get(name)?.path;
      entries[section].delete(name);
      if (file === undefined) return;
      edit(file, { section, name, body: undefined });
      if (section === "contexts") removedContexts.add(name);
    },
    setCurrentContext(name) {
      chosen = name;
      editsOf(view.newEntryPath);
    },
    leftCurrentContexts: left,
    changes() {
      for (const { path } of left()) editsOf(path);
      return [...edits].flatMap(([file, ofFile]) =>
        fileChange(view, file, {
          edits: [...ofFile.values()],
          left: left().find(({ path }) => path === file)?.name,
          renamed: renamedContexts.get(currentContextOf(documentAt(view, file))),
          chosen: file === view.newEntryPath ? chosen : undefined,
        }),
      );
    },
  };
}

/** The contexts that name a cluster or a user entry. */
export function contextsWith(draft: KubeconfigDraft, part: "cluster" | "user", name: unknown): string[] {
  return draft.names("contexts").filter((context) => draft.body("contexts", context)[part] === name);
}

/** The current context that a file sets; empty if it does not set one. */
export function currentContextOf({ model }: KubeconfigDocument): string {
  const name = model["current-context"];
  return typeof name === "string" ? name : "";
}

interface FileEdits {
  readonly edits: readonly EntryEdit[];
  /** The current context that is removed. */
  readonly left: string | undefined;
  /** The new name of the current context. */
  readonly renamed: string | undefined;
  /** The context that becomes the current one. */
  readonly chosen: string | undefined;
}

function fileChange(
  view: KubeconfigView,
  file: string,
  { edits, left, renamed, chosen }: FileEdits,
): FileChange[] {
  const document = documentAt(view, file);
  const currentContext = chosen ?? renamed ?? (left === undefined ? undefined : "");
  const after = editKubeconfig(document, {
    entries: edits,
    ...(currentContext === undefined ? {} : { currentContext }),
  });
  if (after === document.text) return [];
  const exists = view.documents.includes(document);
  return [
    {
      kind: "kubeconfig",
      path: file,
      before: exists ? document.text : undefined,
      after,
      entries: [
        ...edits.flatMap(({ section, name, was }) => [
          ...(was === undefined ? [] : [{ section, name: was }]),
          { section, name },
        ]),
        ...[chosen ?? renamed ?? left].flatMap((name) =>
          name === undefined ? [] : [{ section: "current-context", name }],
        ),
      ],
    },
  ];
}
