import type { App } from "../app.ts";
import type { Candidate, Candidates } from "./candidate.ts";
import type { ValuesOf } from "./candidates.ts";
import { KnownThings } from "./known-things.ts";

type Source = (known: KnownThings) => Candidates | Promise<Candidates>;

const files: Source = () => "files";
const selectable: Source = async () => (await import("./finding-names.ts")).selectableNames();

/** Where values come from, by the name of the option or positional, which means the same in all commands. */
export const VALUE_SOURCES: Readonly<Record<string, Source>> = {
  context: (known) => known.contexts(),
  namespace: (known) => known.namespaces(),
  cluster: (known) => known.clusters(),
  "cluster-name": (known) => known.clusters(),
  profile: (known) => known.profiles(),
  "describe-profile": (known) => known.profiles(),
  region: (known) => known.regions(),
  regions: (known) => known.regions(),
  role: (known) => known.roles(),
  via: (known) => known.roles(),
  server: (known) => known.servers(),
  account: (known) => known.accounts(),
  kubeconfig: files,
  evidence: files,
  save: files,
  only: selectable,
  skip: selectable,
  setting: async () =>
    (await import("../../token/settings/setting-keys.ts")).SETTING_NAMES.map((value) => ({ value })),
  code: async () => (await import("./finding-names.ts")).explainableNames(),
};

/**
 * Values from the files on this machine: no network, no keyring, no session. A name that some shell could read otherwise is not
 * offered: kubectl's own script for bash expands what we print, and runs a `$(…)` in it up to 1.32.
 */
export function valuesOn(app: App): ValuesOf {
  return async (name, given) => {
    const source = Object.hasOwn(VALUE_SOURCES, name) ? VALUE_SOURCES[name] : undefined;
    const values = (await source?.(new KnownThings(app, given.get("kubeconfig")?.at(-1)))) ?? [];
    return values === "files" ? values : values.filter(isUnmistakable).map(withoutExpansions);
  };
}

/** Whether bash, zsh, fish and PowerShell leave it as it is, wherever it stands. */
function isUnmistakable({ value }: Candidate): boolean {
  return /^\w[\w.:/@+=-]*$/.test(value) && !/[:=]=/.test(value);
}

function withoutExpansions({ value, describe }: Candidate): Candidate {
  return { value, describe: describe?.replaceAll(/[$`\\<>]/g, "") };
}
