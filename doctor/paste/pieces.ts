import { YamlRefused, yamlDocuments, yamlValue } from "../../token/text/yaml.ts";
import { awsTextEnd } from "./aws/table.ts";
import { cutJsonAt, headlessJsonAt, isCostly, jsonAt } from "./json-piece.ts";
import { tableEnd } from "./kubectl-tables.ts";
import type { Turn } from "./turns.ts";
import { KNOWN_FIELDS } from "./values.ts";
import { isCredentialCommand, mainField } from "./words.ts";

/** A part of an output that is judged by itself. */
export interface Piece {
  readonly form: "json" | "yaml" | "ini" | "variables" | "text";
  readonly text: string;
  /** The parsed JSON or YAML. */
  readonly value?: unknown;
  /** True where it is JSON of which lines are missing: then the value is what is whole of it. */
  readonly isCut?: true;
  /** Its first and last line, counted from 1. */
  readonly first: number;
  readonly last: number;
}

/** After so many brackets that begin no value, which it was costly to find out, no JSON is looked for. */
const MAX_COSTLY_BRACKETS = 20;

const INI_HEADER =
  /^\s*\[\s*(?:default|(?:profile|sso-session|services)\s[^\]]{1,200}|[\w.@+=,/-]{1,128})\s*\]\s*$/;
const INI_LINE = /^\s*(?:\[|[#;]|[A-Za-z_][\w .-]{0,80}?\s*=|$)|^\s+\S/;

/** Keys with which YAML of a kubeconfig, Kubernetes, AWS or aws-auth begins. */
const YAML_STARTS: ReadonlySet<string> = new Set([
  ...KNOWN_FIELDS,
  ...["contexts", "users", "preferences", "data", "items", "mapRoles", "mapUsers", "mapAccounts"],
]);

/** Such keys that have a scalar value. */
const YAML_SCALARS: ReadonlySet<string> = new Set(
  "apiVersion kind current-context Account Arn UserId VpcId".split(" "),
);
const YAML_LINE = /^(?:[\w."'/-]{1,120}:(?:\s|$)|-(?:\s|$)|\s|#|---|\.\.\.\s*$|\}|\]|$)/;

/** `NAME=value`, as env and the shells write it. */
export const VARIABLE = /^(?:declare -x |export |set |\$env:)?([A-Za-z_]\w{0,127})=(.*)$/;

/** Commands that print or set variables. */
const SHOWS_VARIABLES = /^(?:env|printenv|set|export|unset|declare|echo|cat|type)\b/;

/** An output, cut into JSON values, YAML documents, AWS's files, variables, and words. */
export function piecesOf({ output: text, line: firstLine, command }: Turn): Piece[] {
  const lines = text.split("\n");
  const described = describedConfigMap(text);
  if (described !== undefined)
    return [{ form: "yaml", text, value: described, first: firstLine, last: firstLine + lines.length - 1 }];
  const beginning = lines.findIndex((line) => line.trim() !== "" && !PREAMBLE.test(line));
  const output = { text, lines, starts: startsOf(lines), command, beginning };
  const pieces: Piece[] = [];
  let words: number | undefined;
  let areComments = false;
  let costlyBrackets = 0;
  let cutBrackets = 0;
  for (let index = 0; index < lines.length; ) {
    const mayBeCut = cutBrackets < MAX_COSTLY_BRACKETS;
    const run = runAt(output, index, { mayBeJson: costlyBrackets < MAX_COSTLY_BRACKETS, mayBeCut });
    if (run === undefined) {
      if (mayBeCut && BEGUN.test(lines[index] ?? "")) cutBrackets += 1;
      if (costlyBrackets < MAX_COSTLY_BRACKETS && isCostly(text, output.starts[index] ?? 0))
        costlyBrackets += 1;
      areComments = (words === undefined || areComments) && COMMENT.test(lines[index] ?? "");
      words ??= index;
      index += 1;
      continue;
    }
    const hasComments = areComments && (run.form === "yaml" || run.form === "ini");
    const start = hasComments ? (words ?? index) : index;
    pieces.push(...wordsPiece(lines, words ?? start, start, firstLine));
    words = undefined;
    if (run.form === "text") {
      pieces.push(...wordsPiece(lines, start, run.end, firstLine));
      index = run.end;
      continue;
    }
    const body = lines.slice(start, run.end).join("\n");
    const place = { text: body, first: firstLine + start, last: firstLine + run.end - 1 };
    if (run.form === "yaml") pieces.push(...yamlPieces(place));
    else pieces.push({ ...place, ...run });
    index = run.end;
  }
  pieces.push(...wordsPiece(lines, words ?? lines.length, lines.length, firstLine));
  return pieces;
}

interface Output {
  readonly text: string;
  readonly lines: readonly string[];
  /** The offset at which each line begins. */
  readonly starts: readonly number[];
  readonly command: string | undefined;
  /** The first line that is neither blank nor what a program says before its answer. */
  readonly beginning: number;
}

/** Lines that belong together; `end` is the index of the line behind the last one. */
type Run =
  | { readonly form: "json"; readonly end: number; readonly value: unknown; readonly isCut?: true }
  | { readonly form: "yaml" | "ini" | "variables" | "text"; readonly end: number };

/** What begins in a line; undefined for words. */
function runAt(
  output: Output,
  index: number,
  { mayBeJson, mayBeCut }: Readonly<Record<"mayBeJson" | "mayBeCut", boolean>>,
): Run | undefined {
  const { text, lines, starts, command } = output;
  const line = lines[index] ?? "";
  const json = mayBeJson && JSON_START.test(line) ? jsonAt(text, starts, index) : undefined;
  const cut = json ?? (mayBeCut ? cutRun(output, index) : undefined);
  if (cut !== undefined) return cut;
  if (INI_HEADER.test(line)) return { form: "ini", end: runEnd(lines, index, INI_LINE) };
  const variables = variablesAt(lines, index, command);
  if (variables !== undefined) return variables;
  if (startsYaml(line, lines[index + 1])) return { form: "yaml", end: runEnd(lines, index, YAML_LINE) };
  const end = tableEnd(lines, index) ?? awsTextEnd(output, index);
  return end === undefined ? undefined : { form: "text", end: textEnd(lines, index, end) };
}

/** What the AWS CLI and Python say on standard error before an answer. Source: botocore/credentials.py; Python, Lib/warnings.py. */
const PREAMBLE = /^(?:Enter MFA code for |\S{1,300}:\d{1,6}: \w{0,60}Warning: )/;

/** Text ends where a value in JSON or YAML begins. */
function textEnd(lines: readonly string[], start: number, end: number): number {
  for (let index = start + 1; index < end; index++) {
    const line = lines[index] ?? "";
    if (JSON_START.test(line) || startsYaml(line, lines[index + 1])) return index;
  }
  return end;
}

const JSON_START = /^\s*[[{]/;

/** How an object or a list in JSON begins. */
const BEGUN = /^[ \t]*(?:\{(?="|[ \t]*$)|\[(?=["{[]|[ \t]*$))/;

/** JSON that is cut off. What is not whole anywhere, or has no beginning, is known only by the command. */
function cutRun({ lines, command, beginning }: Output, index: number): Run | undefined {
  const name = index === beginning && command !== undefined ? mainField(command) : undefined;
  const isBegun = BEGUN.test(lines[index] ?? "");
  if (!isBegun && name === undefined) return undefined;
  const cut = isBegun ? cutJsonAt(lines, index) : headlessJsonAt(lines, index, name ?? "");
  const isMeant = name !== undefined || isCredentialCommand(command ?? "");
  const isKnown = cut !== undefined && (cut.value !== undefined || isMeant);
  return isKnown ? { form: "json", isCut: true, ...cut } : undefined;
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

/**
 * A known key at the beginning of a line: of a list or an object, whose value stands below; of a scalar, if another key follows.
 */
function startsYaml(line: string, next = ""): boolean {
  if (/^(?:---\s*$|- (?:rolearn|userarn|groups|apiVersion):\s)/.test(line)) return true;
  const [, dash, key = "", said = ""] = /^(- )?([\w-]{1,40}):(?:\s(.*))?$/.exec(line) ?? [];
  const value = said.trim();
  const goesOn = dash === undefined ? /^[\w-]{1,40}:(?:\s|$)/ : /^ {2}[\w-]{1,40}:(?:\s|$)/;
  if (YAML_SCALARS.has(key)) return value !== "" && goesOn.test(next);
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

/** The words of some lines, without blank lines at both ends; none where all are blank. */
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

/** Variables, and no words that look like one: without a command, they are several lines, or a value without blanks. */
function variablesAt(lines: readonly string[], index: number, command: string | undefined): Run | undefined {
  const variable = VARIABLE.exec(lines[index] ?? "");
  if (variable === null) return undefined;
  const [, , value = ""] = variable;
  const end = runEnd(lines, index, VARIABLE);
  const isShown =
    command === undefined ? end > index + 1 || !/\s/.test(value) : SHOWS_VARIABLES.test(command);
  return isShown ? { form: "variables", end } : undefined;
}

/** A piece for each document. YAML that cannot be parsed has no value: a broken kubeconfig is evidence, too. */
function yamlPieces(place: Pick<Piece, "text" | "first" | "last">): Piece[] {
  try {
    const documents = yamlDocuments(place.text, { uniqueKeys: false });
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

/** How many line breaks a text has. */
function linesIn(text: string): number {
  return text.split("\n").length - 1;
}
