import path from "node:path";
import { ours } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { debug } from "../debug.ts";
import { envValue } from "../env.ts";
import { VouchError } from "../errors/errors.ts";
import type { Machine } from "../files/folders.ts";
import { readTextFile } from "../files/plain-file.ts";
import type { Origin } from "../settings/settings.ts";
import type { KubeRecord, Section } from "./kubeconfig-document.ts";
import { type KubeconfigView, type MergedEntry, mergeKubeconfigs } from "./kubeconfig-view.ts";

/**
 * The files that kubectl reads, in its order: the one of `--kubeconfig`; else those of `KUBECONFIG`, without empty parts and
 * repetitions; else `~/.kube/config`. Absolute paths. As in kubectl, `~` is not expanded in the first two. Source:
 * plugin/KUBECTL.md, "Kubeconfig files".
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

/** The file of `--kubeconfig`, as an absolute path for commands that are run in another folder. */
export function namedKubeconfig(explicit: string | undefined): string | undefined {
  return explicit === undefined ? undefined : path.resolve(explicit);
}

/**
 * Reads and merges kubeconfig files as `mergeKubeconfigs` does. Throws `file-unreadable` or `kubeconfig-invalid` for the first
 * broken file.
 */
export function readKubeconfigs(paths: readonly string[]): KubeconfigView {
  return mergeKubeconfigs(paths, readTextFile);
}

/**
 * Reads files that a command does not change. kubectl skips missing files of `KUBECONFIG`, but a missing one that
 * `--kubeconfig` names is a typo, and also throws `file-unreadable`.
 */
export function readChosenKubeconfigs(machine: Machine, explicit: string | undefined): KubeconfigView {
  const paths = kubeconfigPaths(machine, explicit);
  const view = readKubeconfigs(paths);
  const kubeconfig = namedKubeconfig(explicit);
  if (kubeconfig === undefined || view.documents.length > 0) return view;
  throw new VouchError("file-unreadable", `File ${kubeconfig} not found.`, {
    hint: withCommands`Specify a different file, or create it: ${ours("setup eks", { cluster: "NAME", kubeconfig })}.`,
  });
}

/**
 * The fields that name a file. Source: client-go, tools/clientcmd/loader.go, `GetClusterFileReferences` and
 * `GetAuthInfoFileReferences`.
 */
const FILE_FIELDS: Readonly<Record<Section, readonly string[]>> = {
  clusters: ["certificate-authority"],
  users: ["client-certificate", "client-key", "tokenFile"],
  contexts: [],
};

/**
 * The body of an entry with absolute paths: relative ones refer to the folder of the kubeconfig, not to the working directory.
 */
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
