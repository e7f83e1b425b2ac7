import { VouchError } from "../errors/errors.ts";

/** One `key = value`, with the lines that continue it. Offsets count characters of the text. */
export interface IniSetting {
  /** In lower case. */
  readonly key: string;
  /** As the AWS CLI reads it: ` # note` is a part of it. Continued lines are joined by line breaks. */
  readonly value: string;
  /** As the SDKs read it: ` # note` and ` ; note` are cut off. */
  readonly bare: string;
  /** Settings nested below a key that has no value itself. */
  readonly nested: Readonly<Record<string, string>>;
  readonly line: number;
  /** Start of its first line. */
  readonly start: number;
  readonly valueStart: number;
  /** Offset after its last character, before the line break. */
  readonly end: number;
}

export interface IniSection {
  /** The text between the brackets, with all its blanks. */
  readonly header: string;
  readonly line: number;
  /** Start of its header's line. */
  readonly start: number;
  /** Offset after the last character of its header or of its last setting, before the line break. */
  readonly end: number;
  readonly settings: readonly IniSetting[];
}

interface IniFile {
  readonly sections: readonly IniSection[];
}

interface Line {
  readonly number: number;
  readonly start: number;
  /** Without the line break. */
  readonly text: string;
}

interface OpenSection {
  header: string;
  line: number;
  start: number;
  end: number;
  settings: OpenSetting[];
}

type OpenSetting = { -readonly [K in keyof IniSetting]: IniSetting[K] } & {
  indent: number;
  nested: Record<string, string>;
};

/** Some ten thousand profiles, more than anyone has; longer files would take too long to read. */
const MAX_LINES = 60_000;
const MAX_CHARACTERS = 4 * 1024 * 1024;

/** Throws `aws-config-invalid` for a text that is too large for a file of profiles. */
export function requireIniSize(text: string, path: string): void {
  if (text.length > MAX_CHARACTERS) throw invalid(path, 1, `it has more than ${MAX_CHARACTERS} characters`);
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  if (lines > MAX_LINES) throw invalid(path, MAX_LINES, `it has more than ${MAX_LINES} lines`);
}

/**
 * Reads `~/.aws/config` or `credentials` as botocore and the SDKs do: `[section]`, `key = value` (or `key: value`); a line that
 * is indented more continues the setting before it; lines beginning with `#` or `;` are comments. Lines end with LF, CRLF or, if
 * there is no LF at all, CR. Throws `aws-config-invalid` with the line for anything else, and for a CR within a line, which ends it
 * only for the AWS CLI.
 *
 * Deliberately accepted: a section that occurs twice. The SDKs merge them, and the later one wins; botocore refuses the file.
 */
export function parseIni(text: string, path: string): IniFile {
  requireIniSize(text, path);
  const sections: OpenSection[] = [];
  for (const line of linesOf(text, path)) {
    const content = line.text.trim();
    if (content === "" || content.startsWith("#") || content.startsWith(";")) continue;
    const section = sections.at(-1);
    const setting = section?.settings.at(-1);
    if (section !== undefined && setting !== undefined && indentOf(line.text) > setting.indent) {
      continueSetting(section, setting, line);
    } else if (content.startsWith("[")) {
      sections.push(openSection(line, path));
    } else if (section === undefined) {
      throw invalid(path, line.number, "a setting precedes the first [section]");
    } else {
      section.settings.push(openSetting(line, path));
      section.end = line.start + line.text.trimEnd().length;
    }
  }
  return { sections };
}

function* linesOf(text: string, path: string): Generator<Line> {
  const end = text.includes("\n") ? "\n" : "\r";
  let start = text.startsWith("\ufeff") ? 1 : 0;
  for (let number = 1; start < text.length; number += 1) {
    const found = text.indexOf(end, start);
    const next = found < 0 ? text.length : found;
    const line = text.slice(start, next).replace(/\r$/, "");
    if (line.includes("\r")) throw invalid(path, number, "it contains a carriage return");
    yield { number, start, text: line };
    start = next + 1;
  }
}

function openSection({ number, start, text }: Line, path: string): OpenSection {
  const close = text.lastIndexOf("]");
  const header = text.slice(text.indexOf("[") + 1, close);
  const rest = text.slice(close + 1).trim();
  if (close < 0 || header.trim() === "" || (rest !== "" && !/^[#;]/.test(rest))) {
    throw invalid(path, number, "a section header is not written as [name]");
  }
  return { header, line: number, start, end: start + text.trimEnd().length, settings: [] };
}

function openSetting({ number, start, text }: Line, path: string): OpenSetting {
  const separator = text.search(/[=:]/);
  const key = text.slice(0, separator).trim().toLowerCase();
  if (separator < 0 || key === "") throw invalid(path, number, "it is neither a [section] nor key = value");
  const raw = text.slice(separator + 1);
  const valueStart = start + separator + 1 + (raw.length - raw.trimStart().length);
  const end = start + text.trimEnd().length;
  const values = { value: raw.trim(), bare: withoutNote(raw) };
  return { key, ...values, nested: {}, line: number, start, valueStart, end, indent: indentOf(text) };
}

function continueSetting(section: OpenSection, setting: OpenSetting, { start, text }: Line): void {
  const more = text.trim();
  const equals = more.indexOf("=");
  const key = more.slice(0, Math.max(0, equals)).trimEnd();
  const joined = (before: string, own: string) => (before === "" ? own : `${before}\n${own}`);
  if (setting.value === "" && key !== "")
    setting.nested[key.toLowerCase()] = more.slice(equals + 1).trimStart();
  else if (Object.keys(setting.nested).length === 0) {
    setting.value = joined(setting.value, more);
    setting.bare = joined(setting.bare, withoutNote(text));
  }
  setting.end = start + text.trimEnd().length;
  section.end = setting.end;
}

function withoutNote(text: string): string {
  const note = text.search(/(?<!\S)[#;]/);
  return (note < 0 ? text : text.slice(0, note)).trim();
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

function invalid(path: string, line: number, why: string): VouchError {
  return new VouchError("aws-config-invalid", `Cannot use ${path}: line ${line}: ${why}.`);
}
