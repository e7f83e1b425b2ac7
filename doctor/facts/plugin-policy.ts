import { parse } from "yaml";
import { isRecord } from "../../token/record.ts";
import { type DoctorEvidence, known } from "../evidence.ts";
import type { ExecBlock } from "./exec-block.ts";

/** What kubectl's own preferences say of credential plugins. Source: plugin, 1.8. */
export interface PluginPolicy {
  /** kuberc's path. */
  readonly path: string;
  readonly policy: string;
  /** Programs on the list, as written. */
  readonly allowlist: readonly string[];
  /** Why kubectl refuses to start with such preferences, whatever it is to do. */
  readonly contradiction: string | undefined;
  readonly verdict: "allowed" | "denied" | "unknown";
}

/** Judges the exec block by kuberc; undefined when no kuberc was found, or it is switched off. */
export function pluginPolicy(
  evidence: DoctorEvidence,
  exec: ExecBlock | undefined,
): PluginPolicy | undefined {
  const file = known(evidence.kubeconfig)?.kuberc;
  if (file === undefined || isSwitchedOff(known(evidence.environment) ?? {})) return undefined;
  const model = readPreferences(file.text);
  if (model === undefined) return undefined;
  const { credentialPluginPolicy: policy, credentialPluginAllowlist: list } = model;
  const items = Array.isArray(list) ? list.filter(isRecord) : [];
  const allowlist = items
    .map(({ command, name }) => command ?? name)
    .filter((entry): entry is string => typeof entry === "string");
  const stated = typeof policy === "string" && policy !== "" ? policy : "AllowAll";
  const contradiction = contradictionIn(stated, Array.isArray(list) ? allowlist : undefined);
  return {
    path: file.path,
    policy: stated,
    allowlist,
    contradiction,
    verdict: exec === undefined ? "unknown" : verdict(stated, allowlist, { exec, evidence }),
  };
}

/** What kubectl checks before anything else (measured, 1.36). */
function contradictionIn(policy: string, list: readonly string[] | undefined): string | undefined {
  if (!["AllowAll", "DenyAll", "Allowlist"].includes(policy)) return `there is no policy ${policy}`;
  if (policy !== "Allowlist") return list === undefined ? undefined : `policy ${policy} goes with no list`;
  if (list === undefined || list.length === 0) return "policy Allowlist needs a list, and has none";
  return list.includes("") ? "an entry of the list is empty" : undefined;
}

function isSwitchedOff(env: Readonly<Record<string, string>>): boolean {
  return env["KUBERC"] === "off" || env["KUBECTL_KUBERC"] === "false";
}

function readPreferences(text: string): Record<string, unknown> | undefined {
  try {
    const model: unknown = parse(text);
    return isRecord(model) ? model : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The command's text or its resolved path must be that of an entry, or an entry's program must resolve to the same path.
 * Where a bare name stands for a path that nobody resolved, it stays open.
 */
function verdict(
  policy: string,
  allowlist: readonly string[],
  { exec, evidence }: { readonly exec: ExecBlock; readonly evidence: DoctorEvidence },
): PluginPolicy["verdict"] {
  if (policy === "AllowAll") return "allowed";
  if (policy === "DenyAll") return "denied";
  if (policy !== "Allowlist") return "unknown";
  const resolved = known(evidence.execCommand)?.resolved ?? undefined;
  if (allowlist.some((entry) => entry === exec.command || entry === resolved)) return "allowed";
  const mayMeanIt = allowlist.some((entry) => baseName(entry) === exec.program && entry !== exec.command);
  if (!mayMeanIt) return "denied";
  const bothArePaths = [exec.command, ...allowlist].every((entry) => /[\\/]/.test(entry));
  return bothArePaths && resolved !== undefined ? "denied" : "unknown";
}

function baseName(command: string): string {
  return (command.split(/[\\/]/).at(-1) ?? "").toLowerCase().replace(/\.exe$/, "");
}
