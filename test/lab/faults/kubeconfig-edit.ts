import fs from "node:fs";
import { parse, stringify } from "yaml";

/** A kubeconfig as plain data, as far as faults change it. */
export interface KubeconfigData {
  "current-context"?: string;
  readonly clusters: { readonly name: string; readonly cluster: Record<string, unknown> }[];
  readonly contexts: { readonly name: string; readonly context: Record<string, unknown> }[];
  readonly users: { readonly name: string; readonly user: Record<string, unknown> }[];
}

interface ExecData {
  apiVersion: string;
  command: string;
  args: string[];
  env?: { name: string; value: string }[] | null;
  interactiveMode?: string;
}

/** What a context is for. */
export interface ContextData {
  readonly config: KubeconfigData;
  readonly cluster: Record<string, unknown>;
  readonly user: Record<string, unknown>;
  readonly exec: ExecData;
  readonly context: Record<string, unknown>;
}

/** Changes one context of a kubeconfig by hand, as people do. */
export function editContext(file: string, name: string, change: (data: ContextData) => void): void {
  const config = readKubeconfig(file);
  const context = config.contexts.find((one) => one.name === name)?.context;
  const cluster = config.clusters.find((one) => one.name === context?.["cluster"])?.cluster;
  const user = config.users.find((one) => one.name === context?.["user"])?.user;
  if (context === undefined || cluster === undefined || user === undefined)
    throw new Error(`${file} has no whole context ${name}`);
  change({ config, context, cluster, user, exec: user["exec"] as ExecData });
  writeKubeconfig(file, config);
}

export function readKubeconfig(file: string): KubeconfigData {
  return parse(fs.readFileSync(file, "utf8")) as KubeconfigData;
}

export function writeKubeconfig(file: string, config: KubeconfigData): void {
  fs.writeFileSync(file, stringify(config), { mode: 0o600 });
}
