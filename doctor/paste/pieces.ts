import { YamlRefused, yamlDocuments, yamlValue } from "../../token/text/yaml.ts";
import { isCostly, jsonAt } from "./json-piece.ts";
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

/** At most so many brackets are followed far that turn out to begin no value. */
const MAX_OPEN = 20;

const INI_HEADER =
  /^\s*\[\s*(?:default|(?:profile|sso-session|services)\s[^\]]{1,200}|[\w.@+=,/-]{1,128})\s*\]\s*$/;
const INI_LINE = /^\s*(?:\[|[#;]|[A-Za-z_][\w .-]{0,80}?\s*=|$)|^\s+\S/;

/** Keys that a YAML document of a kubeconfig, of Kubernetes, of AWS or of aws-auth begins with. */
const YAML_STARTS: ReadonlySet<string> = new Set([
  ...KNOWN_FIELDS,
  ...["contexts", "users", "preferences", "data", "items", "mapRoles", "mapUsers", "mapAccounts"],
]);

/** Those that have one value. */
const YAML_SCALARS: ReadonlySet<string> = new Set(
  "apiVersion kind current-context Account Arn UserId VpcId".split(" "),
);
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
      (startsYaml(line, lines[index + 1])
        ? { form: "yaml" as const, end: runEnd(lines, index, YAML_LINE) }
        : undefined);
    if (found === undefined) {
      if (isCostly(text, starts[index] ?? 0)) open += 1;
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

/** A key that is known, and behind it what it holds: of lists and objects nothing but lines below, of scalars a second key. */
function startsYaml(line: string, next = ""): boolean {
  if (/^(?:---\s*$|- (?:rolearn|userarn|groups|apiVersion):\s)/.test(line)) return true;
  const [, key = "", said = ""] = /^([\w-]{1,40}):(?:\s(.*))?$/.exec(line) ?? [];
  const value = said.trim();
  if (YAML_SCALARS.has(key)) return value !== "" && /^[\w-]{1,40}:(?:\s|$)/.test(next);
  return YAML_STARTS.has(key) && /^(?:$|[[{|>&#])/.test(value);
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
  const goesOn = (line: string) => belongs.test(line) && !/^[Ee]rror: /.test(line);
  for (let index = end; index < lines.length && goesOn(lines[index] ?? ""); index += 1)
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

/** A piece for each document. What cannot be read is kept as words: a broken kubeconfig is evidence too. */
function yamlPieces(place: Pick<Piece, "text" | "first" | "last">): Piece[] {
  try {
    const documents = yamlDocuments(place.text, { prettyErrors: false, uniqueKeys: false });
    const [only, ...others] = documents;
    if (only === undefined || documents.some(({ errors }) => errors.length > 0))
      return [{ form: "yaml", ...place }];
    if (others.length === 0) return [{ form: "yaml", ...place, value: yamlValue(only) }];
    return documents.map((document) => {
      const [start, end] = document.range;
      const text = place.text.slice(start, end);
      const first = place.first + linesIn(place.text.slice(0, start));
      return { form: "yaml", text, value: yamlValue(document), first, last: first + linesIn(text.trimEnd()) };
    });
  } catch (error) {
    if (error instanceof YamlRefused) return [{ form: "yaml", ...place }];
    throw error;
  }
}

/** So many lines begin in a text behind its first. */
function linesIn(text: string): number {
  return text.split("\n").length - 1;
}
