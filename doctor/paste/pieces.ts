import { YamlRefused, yamlDocuments, yamlValue } from "../../token/text/yaml.ts";
import type { Turn } from "./turns.ts";
import { KNOWN_FIELDS } from "./values.ts";

/** A part of a text that stands for itself. */
export interface Piece {
  readonly form: "json" | "yaml" | "ini" | "variables" | "text";
  readonly text: string;
  /** What JSON or YAML says. */
  readonly value?: unknown;
  /** Lines that it stands in, from 1, the last one included. */
  readonly first: number;
  readonly last: number;
}

/** So often a bracket is followed that turns out to begin no value: each time costs a walk to the end of the text. */
const MAX_OPEN = 20;

const INI_HEADER =
  /^\s*\[\s*(?:default|(?:profile|sso-session|services)\s[^\]]{1,200}|[\w.@+=,/-]{1,128})\s*\]\s*$/;
const INI_LINE = /^\s*(?:\[|[#;]|[A-Za-z_][\w .-]{0,80}?\s*=|$)|^\s+\S/;

/** Keys that a YAML document of a kubeconfig, of Kubernetes, of AWS or of aws-auth begins with. */
const YAML_STARTS: ReadonlySet<string> = new Set([
  ...KNOWN_FIELDS,
  ...["apiVersion", "kind", "contexts", "users", "current-context", "preferences", "data", "items"],
  ...["mapRoles", "mapUsers", "mapAccounts", "UserId", "VpcId"],
]);
const YAML_LINE = /^(?:[\w."'/-]{1,120}:(?:\s|$)|-(?:\s|$)|\s|#|---|\.\.\.\s*$|\}|\]|$)/;

/** `NAME=value`, as env and the shells write it. */
export const VARIABLE = /^(?:declare -x |export |set |\$env:)?([A-Za-z_]\w{0,127})=(.*)$/;

/** Commands that print variables, and what sets them. */
const SHOWS_VARIABLES = /^(?:env|printenv|set|export|unset|declare|echo|cat|type)\b/;

/** An output, cut into JSON values, YAML documents, AWS's files, variables, and words. */
export function piecesOf({ output: text, line: firstLine, command }: Turn): Piece[] {
  const lines = text.split("\n");
  const described = describedConfigMap(text);
  if (described !== undefined)
    return [{ form: "yaml", text, value: described, first: firstLine, last: firstLine + lines.length - 1 }];
  const starts = startsOf(lines);
  const pieces: Piece[] = [];
  let words: number | undefined;
  let areComments = false;
  let open = 0;
  const endWords = (end: number) => {
    if (words !== undefined) pieces.push(...wordsPiece(lines, words, end, firstLine));
    words = undefined;
  };
  for (let index = 0; index < lines.length; ) {
    const line = lines[index] ?? "";
    const found =
      (/^\s*[[{]/.test(line) && open < MAX_OPEN ? jsonAt(text, starts, index) : undefined) ??
      (INI_HEADER.test(line) ? { form: "ini" as const, end: runEnd(lines, index, INI_LINE) } : undefined) ??
      variablesAt(lines, index, command) ??
      (startsYaml(line) ? { form: "yaml" as const, end: runEnd(lines, index, YAML_LINE) } : undefined);
    if (found === undefined) {
      if (/^\s*[[{]/.test(line)) open += 1;
      areComments = (words === undefined || areComments) && COMMENT.test(line);
      words ??= index;
      index += 1;
      continue;
    }
    const hasComments = areComments && (found.form === "yaml" || found.form === "ini");
    const start = hasComments ? (words ?? index) : index;
    endWords(start);
    const body = lines.slice(start, found.end).join("\n");
    const place = { text: body, first: firstLine + start, last: firstLine + found.end - 1 };
    if (found.form === "json") pieces.push({ form: "json", ...place, value: found.value });
    else if (found.form === "yaml") pieces.push(...yamlPieces(place));
    else pieces.push({ form: found.form, ...place });
    index = found.end;
  }
  endWords(lines.length);
  return pieces;
}

/** What `kubectl describe` shows of aws-auth. Source: kubernetes/kubectl, pkg/describe/describe.go, `describeConfigMap`. */
function describedConfigMap(text: string): unknown {
  if (!/^map(?:Roles|Users|Accounts):\n-{4}\n/m.test(text)) return undefined;
  const [, ...parts] = text.split(/^(map(?:Roles|Users|Accounts)):\n-{4}\n/m);
  const entries = parts.flatMap((name, index) => {
    const [value = ""] = (parts[index + 1] ?? "").split(/^(?:BinaryData|[\w.-]{1,253}:\n-{4})$/m, 1);
    return index % 2 === 0 ? [[name, `${value.trimEnd()}\n`] as const] : [];
  });
  return { kind: "ConfigMap", metadata: { name: "aws-auth" }, data: Object.fromEntries(entries) };
}

function startsYaml(line: string): boolean {
  if (/^(?:---\s*$|- (?:rolearn|userarn|groups|apiVersion):\s)/.test(line)) return true;
  const [, key = ""] = /^([\w-]{1,40}):(?:\s|$)/.exec(line) ?? [];
  return YAML_STARTS.has(key);
}

/** A comment of YAML or of AWS's files, or nothing. */
const COMMENT = /^\s*(?:[#;]|$)/;

function startsOf(lines: readonly string[]): number[] {
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length + 1;
  }
  return starts;
}

/** Words between blank lines at both ends; none where nothing else is there. */
function wordsPiece(lines: readonly string[], from: number, to: number, firstLine: number): Piece[] {
  let [start, end] = [from, to];
  while (start < end && (lines[start] ?? "").trim() === "") start += 1;
  while (end > start && (lines[end - 1] ?? "").trim() === "") end -= 1;
  if (start === end) return [];
  return [
    {
      form: "text",
      text: lines.slice(start, end).join("\n"),
      first: firstLine + start,
      last: firstLine + end - 1,
    },
  ];
}

/** The index behind the last line of a run that is not blank. */
function runEnd(lines: readonly string[], start: number, belongs: RegExp): number {
  let end = start + 1;
  for (let index = end; index < lines.length && belongs.test(lines[index] ?? ""); index += 1)
    if ((lines[index] ?? "").trim() !== "") end = index + 1;
  return end;
}

/** Variables, and not words that begin like one: where no command shows that, several lines or a value without blanks. */
function variablesAt(
  lines: readonly string[],
  index: number,
  command: string | undefined,
): { readonly form: "variables"; readonly end: number } | undefined {
  const [, , value = ""] = VARIABLE.exec(lines[index] ?? "") ?? [];
  if (!VARIABLE.test(lines[index] ?? "")) return undefined;
  const end = runEnd(lines, index, VARIABLE);
  const isShown =
    command === undefined ? end > index + 1 || !/\s/.test(value) : SHOWS_VARIABLES.test(command);
  return isShown ? { form: "variables", end } : undefined;
}

/** The JSON object or list that begins in a line and ends with one; undefined for anything else. */
function jsonAt(
  text: string,
  starts: readonly number[],
  index: number,
): { readonly form: "json"; readonly end: number; readonly value: unknown } | undefined {
  const start = starts[index] ?? 0;
  const end = jsonEnd(text, start);
  if (end === undefined) return undefined;
  const value = jsonValue(text.slice(start, end));
  if (typeof value !== "object") return undefined;
  let last = index;
  while ((starts[last + 1] ?? end) < end) last += 1;
  return { form: "json", end: last + 1, value };
}

/** Where the brackets that open at a place are closed again. */
function jsonEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let isQuoted = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (isQuoted) {
      if (char === "\\") at += 1;
      else if (char === '"') isQuoted = false;
    } else if (char === '"') isQuoted = true;
    else if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A piece for each document. What cannot be read is kept as words: a broken kubeconfig is evidence too. */
function yamlPieces(place: Pick<Piece, "text" | "first" | "last">): Piece[] {
  try {
    const documents = yamlDocuments(place.text, { prettyErrors: false, uniqueKeys: false });
    const [only, ...others] = documents;
    if (only === undefined || documents.some(({ errors }) => errors.length > 0))
      return [{ form: "yaml", ...place }];
    if (others.length === 0) return [{ form: "yaml", ...place, value: yamlValue(only) }];
    return documents.map((document) => ({
      form: "yaml",
      ...place,
      text: place.text.slice(document.range[0], document.range[1]),
      value: yamlValue(document),
    }));
  } catch (error) {
    if (error instanceof YamlRefused) return [{ form: "yaml", ...place }];
    throw error;
  }
}
