import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { isOlderThan } from "../version-number.ts";
import type { ExecBlock } from "./exec-block.ts";
import { cleanPath, isAllowed, type PluginRules, readPluginRules } from "./kuberc.ts";

/** What kubectl's own preferences say about credential plugins. Source: plugin/KUBECTL.md, "Plugin policy". */
export interface PluginPolicy extends PluginRules {
  /** The path of the kuberc. */
  readonly path: string;
  readonly verdict: "allowed" | "denied" | "unknown";
}

type PolicyEvidence = Pick<DoctorEvidence, "kubeconfig" | "environment" | "client" | "execCommand">;

/** Checks the exec block against the kuberc; undefined if none was found, or it is switched off. */
export function pluginPolicy(
  evidence: PolicyEvidence,
  exec: ExecBlock | undefined,
): PluginPolicy | undefined {
  const file = knownValue(evidence.kubeconfig)?.kuberc;
  if (file === undefined || isSwitchedOff(knownValue(evidence.environment) ?? {})) return undefined;
  const rules = rulesOf(file.text, knownValue(evidence.client)?.version);
  if (rules === undefined) return undefined;
  return {
    ...rules,
    path: file.path,
    verdict: exec === undefined ? "unknown" : verdict(rules, { exec, evidence }),
  };
}

/** In entries kubectl 1.35 only reads the key `name`. */
function rulesOf(text: string, version: string | undefined): PluginRules | undefined {
  try {
    const isFirst = version !== undefined && isOlderThan(version, [1, 36]);
    return readPluginRules(text, isFirst ? ["name"] : undefined);
  } catch {
    return undefined;
  }
}

function isSwitchedOff(env: Readonly<Record<string, string>>): boolean {
  return env["KUBERC"] === "off" || env["KUBECTL_KUBERC"]?.toLowerCase() === "false";
}

/** Unknown if the result depends on where a bare name is found, and no one looked. */
function verdict(
  rules: PluginRules,
  { exec, evidence }: { readonly exec: ExecBlock; readonly evidence: PolicyEvidence },
): PluginPolicy["verdict"] {
  const command = cleanPath(exec.command);
  const resolved = knownValue(evidence.execCommand)?.resolved ?? undefined;
  let isOpen = false;
  const lookPath = (name: string) => {
    if (name === command && resolved !== undefined) return resolved;
    if (/[\\/]/.test(name)) return name;
    isOpen = true;
    return undefined;
  };
  if (isAllowed(rules, command, lookPath)) return "allowed";
  return isOpen ? "unknown" : "denied";
}
