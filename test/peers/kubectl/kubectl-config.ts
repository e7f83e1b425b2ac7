import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { KubectlLab } from "./kubectl-lab.ts";

/** A part of a kubeconfig that tests change. */
interface Exec {
  apiVersion: string;
  command: string;
  interactiveMode?: string;
}

/** A kubeconfig as plain data. */
export interface Kubeconfig {
  "current-context"?: string;
  readonly clusters: { readonly name: string; readonly cluster: Record<string, unknown> }[];
  readonly contexts: { readonly name: string; readonly context: Record<string, unknown> }[];
  readonly users: { readonly name: string; readonly user: { readonly exec: Exec } }[];
}

/** Writes a changed copy of the lab's kubeconfig, and gives its path. */
export function changedKubeconfig(
  { env, folder }: KubectlLab,
  name: string,
  change: (config: Kubeconfig) => void,
): string {
  const config = parse(fs.readFileSync(env["KUBECONFIG"] ?? "", "utf8")) as Kubeconfig;
  change(config);
  const file = path.join(folder, name);
  fs.writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

/** The same with another exec stanza; an undefined field is left out. */
export function changedExec(
  peer: KubectlLab,
  name: string,
  fields: { readonly [Field in keyof Exec]?: Exec[Field] | undefined },
): string {
  return changedKubeconfig(peer, name, ({ users }) => {
    for (const { user } of users) Object.assign(user.exec, fields);
  });
}
