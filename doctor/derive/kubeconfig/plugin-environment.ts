import { type DoctorEvidence, isExcerpt, knownValue } from "../../evidence/evidence.ts";
import { commandWords } from "./command-words.ts";
import type { ExecBlock } from "./exec-block.ts";

/** What determines the environment of an exec plugin. */
export interface PluginCase {
  readonly evidence: DoctorEvidence;
  readonly exec: ExecBlock | undefined;
}

/** A variable as the exec plugin gets it. */
interface PluginVariable {
  readonly name: string;
  readonly value: string;
  /**
   * `exec.env` overrides the client's own environment. Source: plugin/KUBECTL.md, "Exec block". `file`: one of the client's files
   * sets it, and the client's environment is not known.
   */
  readonly origin: "exec.env" | "environment" | "file";
  /** The origin in words: `the environment`. */
  readonly place: string;
}

/** The environment of the exec plugin. */
export interface PluginEnvironment {
  /** False: the client's own environment is not completely known, so variables that are not found here may still be set. */
  readonly isComplete: boolean;
  readonly variables: readonly PluginVariable[];
}

/**
 * The plugin's variables: those of the client's environment, overridden by `exec.env`. If the environment is not known, the
 * variables that the client's own files set.
 */
export function pluginEnvironment({ evidence, exec }: PluginCase): PluginEnvironment {
  const outer = knownValue(evidence.environment);
  const inner = exec?.env ?? {};
  const around =
    outer === undefined
      ? configuredVariables(evidence)
      : variablesOf(outer, "environment", "the environment");
  return {
    isComplete: outer !== undefined && !isExcerpt(evidence, "environment"),
    variables: [
      ...around.filter(({ name }) => !Object.hasOwn(inner, name)),
      ...variablesOf(inner, "exec.env", "the exec block's env"),
    ],
  };
}

function variablesOf(
  variables: Readonly<Record<string, string>>,
  origin: PluginVariable["origin"],
  place: string,
): PluginVariable[] {
  return Object.entries(variables).map(([name, value]) => ({ name, value, origin, place }));
}

/** The variable, if it is not empty; AWS's tools treat an empty one as unset. */
export function pluginVariable({ variables }: PluginEnvironment, name: string): PluginVariable | undefined {
  return variables.find((variable) => variable.name === name && variable.value !== "");
}

type Setting = readonly [name: string, value: string];

/** Variables that determine how EKS is reached. */
const STEERING =
  /^(?:AWS_\w+|KUBECONFIG|KUBERC|HOME|PATH|SSL_CERT_(?:FILE|DIR)|(?:HTTPS?|ALL|NO)_PROXY|(?:https?|all|no)_proxy)$/;

/** Whether a variable determines how EKS is reached. */
export function steersEks(name: string): boolean {
  return STEERING.test(name);
}

/**
 * The variables in the client's configuration files that determine how EKS is reached: the last setting in a file, of the first
 * file that has one. Values that a shell or job runner would have to expand (`$HOME/bin`) are left out.
 */
export function configuredVariables(evidence: Pick<DoctorEvidence, "client">): PluginVariable[] {
  // Most clients have no such files, so an unknown client is no missing evidence.
  const files = "client" in evidence ? (knownValue(evidence.client)?.files ?? []) : [];
  const found = new Map<string, PluginVariable>();
  for (const { path, text } of files) {
    for (const [name, value] of settingsIn(text)) {
      if (!found.has(name)) found.set(name, { name, value, origin: "file", place: path });
    }
  }
  return [...found.values()];
}

function settingsIn(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\n").map((line) => line.trim());
  const all = lines.flatMap((line) =>
    /^(?:[#;]|\/\/)/.test(line) ? [] : [...assignments(line), ...fields(line)],
  );
  return new Map([...all, ...listed(text)].filter(([name, value]) => steersEks(name) && !/[$`]/.test(value)));
}

/** Settings in a shell's `export A=b C=d`, systemd's `Environment="A=b"`, Docker Compose's `- A=b`, and a plain `A=b`. */
function assignments(line: string): Setting[] {
  const start = ["export ", "Environment=", "- "].find((word) => line.startsWith(word)) ?? "";
  const words = commandWords(line.slice(start.length));
  const comment = words.findIndex((word) => word.startsWith("#"));
  const said = comment < 0 ? words : words.slice(0, comment);
  const found = said.flatMap((word): Setting[] => {
    const at = word.indexOf("=");
    return at < 0 ? [] : [[word.slice(0, at), word.slice(at + 1).replace(/;$/, "")]];
  });
  // `A=b command` sets it only for that command.
  return start === "export " || found.length === said.length ? found : [];
}

const BLOCK_FIELD = /^["']?([A-Za-z_]\w*)["']?\s*:\s(.*)$/;
const FLOW_FIELD = /[{,]\s*["']?([A-Za-z_]\w*)["']?\s*:\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,{}"'][^,{}"']*)/g;

/** Settings in YAML and JSON, `"A": "b"`, on a line of their own or in braces. */
function fields(line: string): Setting[] {
  const [, own, rest = ""] = BLOCK_FIELD.exec(line) ?? [];
  const value = own === undefined ? undefined : scalar(rest);
  return [
    ...(own === undefined || value === undefined ? [] : [[own, value] as const]),
    ...[...line.matchAll(FLOW_FIELD)].flatMap(([, name = "", written = ""]): Setting[] => {
      const inBraces = scalar(written);
      return inBraces === undefined ? [] : [[name, inBraces]];
    }),
  ];
}

/** Undefined: it is no text, or continues on the next lines. */
function scalar(written: string): string | undefined {
  const quoted = /^"(?:[^"\\]|\\.)*"/.exec(written)?.[0];
  if (quoted !== undefined) return unquoted(quoted);
  const plain = /^'([^']*)'/.exec(written)?.[1];
  if (plain !== undefined) return plain;
  const bare = (written.split(" #")[0] ?? "").trimEnd().replace(/,$/, "");
  return bare === "" || /^[&*|>!{["'#]/.test(bare) ? undefined : bare;
}

function unquoted(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}

const PLIST_ENTRY = /<key>([A-Za-z_]\w*)<\/key>\s*<string>([^<]*)<\/string>/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The entries of a property list. */
function listed(text: string): Setting[] {
  return [...text.matchAll(PLIST_ENTRY)].map(([, name = "", value = ""]) => [
    name,
    value.replaceAll(/&(amp|lt|gt|quot|apos);/g, (entity, word: string) => ENTITIES[word] ?? entity),
  ]);
}
