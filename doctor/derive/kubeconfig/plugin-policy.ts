import type { Env } from "../../../token/env.ts";
import { isRecord } from "../../../token/record.ts";
import { yamlDocuments, yamlValue } from "../../../token/text/yaml.ts";
import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { isOlderThan } from "../client/client-kind.ts";
import type { ExecBlock } from "./exec-block.ts";

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

/** Source: kubernetes/kubectl 1.36, pkg/cmd/util, `IsDisabled`. */
export function isSwitchedOff(env: Env): boolean {
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

/** What a kuberc says about credential plugins. Source: kubernetes/kubectl 1.35 and 1.36, pkg/kuberc; client-go, exec.go. */
interface PluginRules {
  readonly policy: string;
  /** Programs on the list, as written; undefined when there is no list. */
  readonly allowlist: readonly string[] | undefined;
  /** Why kubectl refuses to run any command with these preferences. */
  readonly contradiction: string | undefined;
}

/** The API group of a kuberc; `v1alpha1` has no policy yet. */
const API_VERSION = /^kubectl\.config\.k8s\.io\/(?!v1alpha1$)./;

/**
 * The rules of the first document that is a kuberc. Undefined if there is none, or it has no rules: then kubectl runs every
 * plugin. Throws if the text cannot be read as YAML, because kubectl's own parser may still read it.
 *
 * `keys` are those that name a program: kubectl 1.35 knows only `name`, 1.36 both.
 */
export function readPluginRules(
  text: string,
  keys: readonly string[] = ["command", "name"],
): PluginRules | undefined {
  for (const document of yamlDocuments(text)) {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`it is not YAML: ${error.message.split("\n")[0]}`);
    const model: unknown = yamlValue(document);
    if (!isRecord(model) || model["kind"] !== "Preference") continue;
    if (!API_VERSION.test(String(model["apiVersion"]))) continue;
    return rulesIn(model, keys);
  }
  return undefined;
}

function rulesIn(model: Record<string, unknown>, keys: readonly string[]): PluginRules {
  const { credentialPluginPolicy: policy, credentialPluginAllowlist: list } = model;
  const stated = policy === undefined || policy === null || policy === "" ? "AllowAll" : String(policy);
  const entries = list === undefined || list === null ? undefined : entriesOf(list, keys);
  return {
    policy: stated,
    allowlist: entries?.filter((entry) => entry !== ""),
    contradiction: contradictionIn(stated, entries),
  };
}

/**
 * The programs on the list. An entry without a program is an empty string, which is a contradiction; one with two cannot be
 * read.
 */
function entriesOf(list: unknown, keys: readonly string[]): string[] {
  return (Array.isArray(list) ? list : [list]).map((item: unknown) => {
    const names = keys.map((key) => (isRecord(item) ? item[key] : undefined)).filter(Boolean);
    const [first, ...others] = new Set(names);
    if (others.length > 0) throw new Error(`a list entry has two names, ${[first, ...others].join(" and ")}`);
    return typeof first === "string" ? first : "";
  });
}

/** What kubectl checks before anything else (measured, 1.36). */
function contradictionIn(policy: string, entries: readonly string[] | undefined): string | undefined {
  if (!["AllowAll", "DenyAll", "Allowlist"].includes(policy)) return `policy ${policy} does not exist`;
  if (policy !== "Allowlist")
    return entries === undefined ? undefined : `policy ${policy} does not accept a list`;
  if (entries === undefined || entries.length === 0)
    return "policy Allowlist requires a list that is not empty";
  if (entries.includes("")) return "a list entry does not specify a program";
  const odd = entries.find((entry) => cleanPath(entry) !== entry);
  return odd === undefined ? undefined : `${odd} is not a clean path (${cleanPath(odd)} is)`;
}

/** Where a program is found, as by Go's `exec.LookPath`; undefined if it is not found. */
type LookPath = (command: string) => string | undefined;

/**
 * Whether kubectl runs a plugin: the text of the command or the path at which it is found must be an entry, or an entry with the
 * same base name must be found at the same path. Symbolic links are not followed. Source: client-go, exec.go,
 * `checkAllowlistLocked`.
 */
export function isAllowed(
  { policy, allowlist = [], contradiction }: PluginRules,
  command: string,
  lookPath: LookPath,
): boolean {
  if (contradiction !== undefined || policy === "DenyAll") return false;
  if (policy === "AllowAll") return true;
  const name = cleanPath(command);
  if (allowlist.includes(name)) return true;
  const found = lookPath(name);
  if (found === undefined) return false;
  return (
    allowlist.includes(found) ||
    allowlist.some((entry) => baseName(entry) === baseName(found) && lookPath(entry) === found)
  );
}

/** A path without `.`, `..`, doubled and trailing slashes; `.` for an empty one. Source: Go, path/filepath, `Clean`. */
export function cleanPath(file: string): string {
  const isAbsolute = file.startsWith("/");
  const parts: string[] = [];
  for (const part of file.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!isAbsolute) parts.push(part);
  }
  const joined = `${isAbsolute ? "/" : ""}${parts.join("/")}`;
  return joined === "" ? "." : joined;
}

function baseName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? "";
}
