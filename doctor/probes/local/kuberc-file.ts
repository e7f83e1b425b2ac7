import path from "node:path";
import { envValue } from "../../../token/env.ts";
import type { Machine } from "../../../token/files/folders.ts";
import { isSwitchedOff } from "../../derive/kubeconfig/plugin-policy.ts";

/** A file of kubectl's preferences. */
export interface KubercFile {
  readonly path: string;
  /** True: someone named it, and without it kubectl refuses to do anything. */
  readonly isNamed: boolean;
}

/**
 * `KUBERC`, else `~/.kube/kuberc`; undefined if preferences are switched off. Source: kubernetes/kubectl 1.36, pkg/kuberc,
 * `LoadKuberc`; pkg/cmd/util, `IsDisabled`.
 */
export function kubercFile({ env, homeDir }: Pick<Machine, "env" | "homeDir">): KubercFile | undefined {
  const named = envValue(env, "KUBERC");
  if (isSwitchedOff(env)) return undefined;
  return { path: named ?? path.join(homeDir, ".kube", "kuberc"), isNamed: named !== undefined };
}

/** The file that `--kuberc` names on kubectl's command line. Source: pkg/kuberc, `getExplicitKuberc`. */
export function kubercFlag(words: readonly string[]): string | undefined {
  const end = words.indexOf("--");
  const flags = end < 0 ? words : words.slice(0, end);
  const at = flags.findIndex((word) => word === "--kuberc" || word.startsWith("--kuberc="));
  if (at < 0) return undefined;
  const word = flags[at] ?? "";
  return word === "--kuberc" ? flags[at + 1] : word.slice("--kuberc=".length);
}
