import type { App } from "../app.ts";
import type { Candidates } from "./candidate.ts";
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

/** Values from the files on this machine: no network, no keyring, no session. */
export function valuesOn(app: App): ValuesOf {
  return async (name, given) => {
    const source = Object.hasOwn(VALUE_SOURCES, name) ? VALUE_SOURCES[name] : undefined;
    return source?.(new KnownThings(app, given.get("kubeconfig")?.at(-1))) ?? [];
  };
}
