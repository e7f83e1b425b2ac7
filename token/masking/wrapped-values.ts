import { contentOf, withContent } from "./line-content.ts";
import { isMixed } from "./random-words.ts";
import { isSecretName, MASK } from "./secret-names.ts";

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
export function maskContinued(text: string, masked: string): string {
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
