import { applySplices, type Splice } from "../text/splices.ts";
import { maskKnownForms } from "./known-forms.ts";
import { contentOf, Lines, QuotedStrings, withContent } from "./layout.ts";
import { maskNamed, maskNamedValues } from "./mask-named.ts";
import { maskTerraform } from "./mask-terraform.ts";
import { maskSecretManifests } from "./secret-manifests.ts";
import { isMixed, isSecretName, MASK } from "./secret-words.ts";

/** How many levels of base64 in base64 are decoded. */
const DEPTH = 3;

/**
 * Any text with its secrets masked: output of a program, a command, a configuration. Masked are values with the name of a secret,
 * behind any separator and in quotes that may be escaped, and what is a secret by its form. Lines stay lines, and JSON and YAML
 * stay valid: a mask is quoted where YAML needs it, and not inside a string. The time is linear in the length.
 */
export function maskText(text: string): string {
  return maskContinued(text, masked(text, DEPTH));
}

/** Too short for a token, and without a separator before a value: most texts are so. */
const HARMLESS = /^[^=:%,\s]{0,19}$/;

function masked(text: string, depth: number): string {
  if (HARMLESS.test(text)) return text;
  const isSecret = (decoded: string) => depth > 0 && masked(decoded, depth - 1) !== decoded;
  return quoteMasks(
    maskNamed(maskNamedValues(maskTerraform(maskSecretManifests(maskKnownForms(text, isSecret))))),
  );
}

/** The narrowest terminal, in columns: it wraps no shorter lines. */
const NARROWEST = 40;

/** The shortest rest of a value that is masked, in characters; a shorter one reveals nothing. */
const SHORTEST = 16;

/** A piece of a token or key at the beginning of a line; behind the last piece the line may go on. */
const PIECE = /^([\w+/.%-]{1,4096}={0,2})(?:$|["'\s,}&\\])/;

/** A masked value at the end of a line. */
const HIDDEN_END = /\*\*\*["']?$/;

/** The header of a web token that goes on in the next line. */
const WEB_TOKEN_HEAD = /(?<![\w-])eyJ[\w-]{8,4096}\.?$/;

/** The name of a query parameter, or its beginning, at the end of a line; and the rest of it in the next line. */
const NAME_HEAD = /[?&]([\w-]{1,60}=?)$/;
const NAME_END = /^[\w-]{0,60}=/;

/**
 * Masks the rest of values that a terminal or a mail wrapped over several lines. `masked` is `text`, line for line, with the part
 * in the first line masked already.
 */
function maskContinued(text: string, masked: string): string {
  const [before, after] = [text.split("\n"), masked.split("\n")];
  if (before.length !== after.length) return masked;
  const contents = before.map((line) => contentOf(line));
  let isOpen = false;
  for (const [index, own] of contents.entries()) {
    const shown = contentOf(after[index] ?? "").text;
    const isQuoted = (before[index] ?? "").slice(0, own.start).trim() !== "";
    const hidden: string =
      isOpen && isPiece(own.text, isQuoted)
        ? shown.replace(/[^\s"',&]+/, MASK)
        : hiddenAt(shown, contents[index - 1]?.text ?? "", contents[index + 1]?.text ?? "");
    if (hidden !== shown) after[index] = withContent(after[index] ?? "", hidden);
    isOpen = own.text.length >= NARROWEST && HIDDEN_END.test(hidden);
  }
  return after.join("\n");
}

/**
 * Whether a line begins with a piece of a wrapped value. In a log or quote only a whole line is one: the next may be another
 * message.
 */
function isPiece(content: string, isQuoted: boolean): boolean {
  const [whole = "", piece = ""] = PIECE.exec(content) ?? [];
  if (isQuoted && /\s$/.test(whole)) return false;
  const isHex = piece.length >= SHORTEST && /^[0-9a-f]+$/.test(piece) && /\d/.test(piece);
  return piece.length >= NARROWEST || isHex || isMixed(piece.replaceAll(/[-_.%]/g, ""), SHORTEST);
}

/** A line without the value of a parameter whose name is wrapped, and without the header of a wrapped web token. */
function hiddenAt(shown: string, above: string, below: string): string {
  const name = above.length >= NARROWEST ? NAME_HEAD.exec(above)?.[1] : undefined;
  const rest = name?.endsWith("=") === true ? "" : NAME_END.exec(shown)?.[0];
  if (name !== undefined && rest !== undefined && isSecretName(`${name}${rest}`.replace("=", "")))
    return `${rest}${shown.slice(rest.length).replace(/^[^&\s"']+/, MASK)}`;
  const isBroken = shown.length >= NARROWEST && isPiece(below, true);
  return isBroken ? shown.replace(WEB_TOKEN_HEAD, MASK) : shown;
}

/** What precedes a value in YAML or JSON: a key or the dashes of a list, then its anchor and tag. */
const BEFORE_VALUE = /(?:["']:[ \t]*|[\w.-]:[ \t]+|^[ \t]*(?:-[ \t]+)*-[ \t]+)(?:[&!]\S{0,100}[ \t]+){0,2}$/;

/** A line with a map or list in flow style. */
const FLOW = /^[ \t]*(?:-[ \t]+)*(?:["']?[\w./-]{1,200}["']?:[ \t]+)?[{[]/;

/** How much around a mask is looked at, in characters. */
const MAX_LOOK = 400;

/** Quotes plain values of YAML that begin with a mask, since a `*` begins an alias. Lines stay lines. */
function quoteMasks(text: string): string {
  if (!text.includes(MASK)) return text;
  const lines = new Lines(text);
  const strings = new QuotedStrings(text);
  let done = 0;
  const splices = [...text.matchAll(/\*{3}/g)].flatMap(({ index }): Splice[] => {
    if (index < done || text[index + 3] === "*" || strings.endAround(index) !== undefined) return [];
    const value = bareValue(lines, index);
    if (value === undefined || /["\\]|: /.test(value.text)) return [];
    done = value.end;
    return [{ ...value, text: `"${value.text}"` }];
  });
  return applySplices(text, splices);
}

function bareValue(lines: Lines, start: number): Splice | undefined {
  const { text } = lines;
  const lineStart = lines.startOf(start);
  const before = text.slice(Math.max(lineStart, start - MAX_LOOK), start);
  const lineEnd = lines.endOf(start);
  if (before.trim() === "") return valueBelow(lines, start);
  const isItem = /[[{,][ \t]*$/.test(before) && FLOW.test(text.slice(lineStart, lineStart + MAX_LOOK));
  if (!isItem && !BEFORE_VALUE.test(before)) return undefined;
  const isFlow = /[[{,]/.test(before);
  const rest = text.slice(start, Math.min(lineEnd, start + MAX_LOOK));
  const stop = rest.search(isFlow ? /[,}\]]|\s#/ : /\s#/);
  const value = (stop < 0 ? text.slice(start, lineEnd) : rest.slice(0, stop)).trimEnd();
  let end = start + value.length;
  // A map that began in a line above ends here.
  if (!/[[{]/.test(value)) while (/[\]},\s]/.test(text[end - 1] ?? "")) end -= 1;
  return { start, end, text: text.slice(start, end) };
}

/** Masks alone on the lines below `key:`, indented deeper. */
function valueBelow(lines: Lines, start: number): Splice | undefined {
  const { text } = lines;
  const lineStart = lines.startOf(start);
  const key = text.slice(lines.startOf(Math.max(0, lineStart - 1)), Math.max(0, lineStart - 1));
  if (!/^[ \t]*(?:-[ \t]+)*["']?[\w./-]{1,200}["']?:[ \t]*\r?$/.test(key) || start === lineStart)
    return undefined;
  let end = lines.endOf(start);
  if (text.slice(start, end).trim() !== MASK) return undefined;
  for (let line = end + 1; line < text.length; line = lines.endOf(line) + 1) {
    if (!/^[ \t]+\*{3}\r?$/.test(text.slice(line, lines.endOf(line)))) break;
    end = lines.endOf(line);
  }
  const value = text.slice(start, end).trimEnd();
  return { start, end: start + value.length, text: value };
}
