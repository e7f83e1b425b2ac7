import path from "node:path";
import { ours } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { debug } from "../debug.ts";
import { envValue } from "../env.ts";
import { VouchError } from "../errors/errors.ts";
import type { Machine } from "../files/folders.ts";
import { readTextFile } from "../files/private-file.ts";
import type { Origin } from "../settings/settings.ts";
import {
  entriesOf,
  type KubeconfigDocument,
  type KubeRecord,
  parseKubeconfig,
  SECTIONS,
  type Section,
} from "./kubeconfig-document.ts";

/**
 * The files kubectl reads, in its order: the one of `--kubeconfig`; else those of `KUBECONFIG`, without blanks and
 * repetitions; else `~/.kube/config`. Absolute. As in kubectl, `~` means nothing in any of them.
 * Source: plugin/KUBECTL.md, "Kubeconfig files".
 */
export function kubeconfigPaths(machine: Machine, explicit?: string): string[] {
  const { value, origin } = chosenPaths(machine, explicit);
  debug(`kubeconfig ${value.join(", ")} (from ${origin})`);
  return value;
}

function chosenPaths({ env, platform, homeDir }: Machine, explicit: string | undefined): Origin<string[]> {
  if (explicit !== undefined) return { value: [path.resolve(explicit)], origin: "flag --kubeconfig" };
  const separator = platform === "win32" ? ";" : ":";
  const listed = (envValue(env, "KUBECONFIG") ?? "")
    .split(separator)
    .filter((file) => file.trim() !== "")
    .map((file) => path.resolve(file));
  return listed.length > 0
    ? { value: [...new Set(listed)], origin: "KUBECONFIG" }
    : { value: [path.join(homeDir, ".kube", "config")], origin: "default" };
}

/** The file of `--kubeconfig`, as commands name it that are run in another folder. */
export function namedKubeconfig(explicit: string | undefined): string | undefined {
  return explicit === undefined ? undefined : path.resolve(explicit);
}

/** An entry as its file has it, and which file that is. */
export interface MergedEntry {
  readonly body: KubeRecord;
  readonly path: string;
}

/** An entry that kubectl never sees, because an earlier file has one of the same name. */
interface ShadowedEntry {
  readonly section: Section;
  readonly name: string;
  readonly path: string;
  readonly shadowedBy: string;
}

/** All kubeconfig files together, as kubectl sees them. */
export interface KubeconfigView {
  /** In load order; those that exist. */
  readonly documents: readonly KubeconfigDocument[];
  readonly entries: Readonly<Record<Section, ReadonlyMap<string, MergedEntry>>>;
  readonly currentContext: { readonly name: string; readonly path: string } | undefined;
  readonly shadowed: readonly ShadowedEntry[];
  /** Where kubectl puts an entry that no file has yet, and the current context. */
  readonly newEntryPath: string;
}

/**
 * Reads and merges kubeconfig files by kubectl's rules: of entries with one name, and of current contexts, the first
 * file's counts. A missing file is skipped. Throws `file-unreadable` or `kubeconfig-invalid` for the first that is
 * broken: kubectl would not work with it either.
 */
export function readKubeconfigs(
  paths: readonly string[],
  read: (file: string) => string | undefined = readTextFile,
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

/**
 * The same of the files that a command reads and does not write. kubectl passes over a file of `KUBECONFIG` that is not there;
 * one that was named with `--kubeconfig` was mistyped. Throws `file-unreadable` for that too.
 */
export function readChosenKubeconfigs(machine: Machine, explicit: string | undefined): KubeconfigView {
  const paths = kubeconfigPaths(machine, explicit);
  const view = readKubeconfigs(paths);
  const kubeconfig = namedKubeconfig(explicit);
  if (kubeconfig === undefined || view.documents.length > 0) return view;
  throw new VouchError("file-unreadable", `There is no file ${kubeconfig}.`, {
    hint: withCommands`Name another one, or make it: ${ours("setup eks", { cluster: "NAME", kubeconfig })}.`,
  });
}

/** The file's document, or that of an empty file when it does not exist yet. */
export function documentAt(view: KubeconfigView, file: string): KubeconfigDocument {
  return view.documents.find((document) => document.path === file) ?? parseKubeconfig("", file);
}

/** Which fields name a file. Source: client-go, tools/clientcmd/loader.go, `GetClusterFileReferences` and its sister. */
const FILE_FIELDS: Readonly<Record<Section, readonly string[]>> = {
  clusters: ["certificate-authority"],
  users: ["client-certificate", "client-key", "tokenFile"],
  contexts: [],
};

/** The entry's body with the files it names made absolute: they are relative to the kubeconfig, not to the caller. */
export function resolvedBody(section: Section, { body, path: file }: MergedEntry): KubeRecord {
  const folder = path.dirname(file);
  const resolved: Record<string, unknown> = { ...body };
  for (const field of FILE_FIELDS[section]) {
    const value = body[field];
    if (typeof value === "string" && value !== "") resolved[field] = path.resolve(folder, value);
  }
  const { exec } = body;
  if (section === "users" && typeof exec === "object" && exec !== null && "command" in exec) {
    const { command } = exec;
    const isPath = typeof command === "string" && command.includes(path.sep);
    if (isPath) resolved["exec"] = { ...exec, command: path.resolve(folder, command) };
  }
  return resolved;
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

/** The only file; of several the first that exists; the last when none does. */
function newEntryPath(paths: readonly string[], documents: readonly KubeconfigDocument[]): string {
  return documents[0]?.path ?? paths.at(-1) ?? "";
}

function nameOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** All sections, in the order in which kubectl writes them. */
export const SECTION_NAMES = Object.keys(SECTIONS) as Section[];
