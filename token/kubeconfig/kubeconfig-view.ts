import { isRecord } from "../record.ts";
import {
  entriesOf,
  type KubeconfigDocument,
  type KubeRecord,
  parseKubeconfig,
  SECTIONS,
  type Section,
} from "./kubeconfig-document.ts";

/** An entry as in its file, and the path of that file. */
export interface MergedEntry {
  readonly body: KubeRecord;
  readonly path: string;
}

/** An entry that kubectl never sees, because an earlier file has one with the same name. */
interface ShadowedEntry {
  readonly section: Section;
  readonly name: string;
  readonly path: string;
  readonly shadowedBy: string;
}

/** All kubeconfig files together, as kubectl sees them. */
export interface KubeconfigView {
  /** Those that exist, in load order. */
  readonly documents: readonly KubeconfigDocument[];
  readonly entries: Readonly<Record<Section, ReadonlyMap<string, MergedEntry>>>;
  readonly currentContext: { readonly name: string; readonly path: string } | undefined;
  readonly shadowed: readonly ShadowedEntry[];
  /** Where kubectl puts a new entry, and the current context if no file has one. */
  readonly newEntryPath: string;
}

/**
 * Merges kubeconfig files by kubectl's rules: if several have an entry of one name, or a current context, the first one wins. A
 * file without a text is skipped. Throws `kubeconfig-invalid` for the first broken file: kubectl would not work with it either.
 */
export function mergeKubeconfigs(
  paths: readonly string[],
  read: (file: string) => string | undefined,
): KubeconfigView {
  const documents = paths.flatMap((file) => {
    const text = read(file);
    return text === undefined ? [] : [parseKubeconfig(text, file)];
  });
  const shadowed: ShadowedEntry[] = [];
  const merged = (section: Section) => mergedSection(documents, section, shadowed);
  const current = documents.find(({ model }) => nameOf(model["current-context"]) !== "");
  return {
    documents,
    entries: { clusters: merged("clusters"), contexts: merged("contexts"), users: merged("users") },
    currentContext: current && { name: nameOf(current.model["current-context"]), path: current.path },
    shadowed,
    newEntryPath: newEntryPath(paths, documents),
  };
}

/** The file's document, or that of an empty file if it does not exist yet. */
export function documentAt(view: KubeconfigView, file: string): KubeconfigDocument {
  return view.documents.find((document) => document.path === file) ?? parseKubeconfig("", file);
}

function mergedSection(
  documents: readonly KubeconfigDocument[],
  section: Section,
  shadowed: ShadowedEntry[],
): Map<string, MergedEntry> {
  const merged = new Map<string, MergedEntry>();
  for (const document of documents) {
    for (const [name, body] of entriesOf(document.model, section)) {
      const first = merged.get(name);
      if (first === undefined) merged.set(name, { body, path: document.path });
      else shadowed.push({ section, name, path: document.path, shadowedBy: first.path });
    }
  }
  return merged;
}

/** The only file; of several, the first that exists, or else the last. */
function newEntryPath(paths: readonly string[], documents: readonly KubeconfigDocument[]): string {
  return documents[0]?.path ?? paths.at(-1) ?? "";
}

function nameOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** All sections, in the order in which kubectl writes them. */
export const SECTION_NAMES = Object.keys(SECTIONS) as Section[];

/** The extension that marks a cluster or context as ours. kubectl keeps extensions when it rewrites a file. */
export const OWNER_EXTENSION = "vouch.kubectl/owner";

/** ARN of the cluster that a cluster or context of ours belongs to; undefined if it is not ours. */
export function ownedCluster(body: KubeRecord): string | undefined {
  const extensions = body["extensions"];
  if (!Array.isArray(extensions)) return undefined;
  const owner = extensions.find((item) => isRecord(item) && item["name"] === OWNER_EXTENSION)?.extension;
  return isRecord(owner) && typeof owner["cluster"] === "string" ? owner["cluster"] : undefined;
}
