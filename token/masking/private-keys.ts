import { applySplices, type Splice, withoutOverlaps } from "../text/splices.ts";
import { contentOf } from "./line-content.ts";
import { Lines } from "./lines.ts";
import { maskLines } from "./secret-names.ts";

/** Source: RFC 7468, section 2. */
const BORDER = /-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}(?:-----)?/g;

/** Source: RFC 1421, section 4.6; OpenPGP's are of RFC 9580, section 6.2.2. */
const HEADER = /^(?:Proc-Type|DEK-Info|Version|Comment|Hash): /;

const BASE64_LINE = /^[A-Za-z0-9+/]{1,4096}={0,2}$/;

/** A text with private keys in PEM masked. A key without its first or last line extends as far as its base64. */
export function maskPrivateKeys(text: string): string {
  const lines = new Lines(text);
  const borders = [...text.matchAll(BORDER)];
  const splices = borders.flatMap((border, index): Splice[] => {
    const { 0: whole, 1: kind, index: at } = border;
    const end = at + whole.length;
    const [before, next] = [borders[index - 1], borders[index + 1]];
    if (kind === "END") return before?.[1] === "BEGIN" ? [] : [hidden(text, keyAbove(lines, at), end)];
    const isWhole = next?.[1] === "END";
    return [hidden(text, at, isWhole ? next.index + next[0].length : keyBelow(lines, end))];
  });
  return applySplices(text, withoutOverlaps(splices));
}

function hidden(text: string, start: number, end: number): Splice {
  return { start, end, text: maskLines(text.slice(start, end)) };
}

/** Where a key ends whose lines begin at `from`: all but the last have one length. */
function keyBelow(lines: Lines, from: number): number {
  const { text } = lines;
  const rest = /^[\w+/=\\-]*/.exec(text.slice(from, lines.endOf(from)))?.[0] ?? "";
  let end = from + rest.replace(/\\{1,64}$/, "").length;
  let width = 0;
  for (let line = lines.endOf(from) + 1; line < text.length; line = lines.endOf(line) + 1) {
    const content = contentOf(text.slice(line, lines.endOf(line)));
    const isHeader = width === 0 && (HEADER.test(content.text) || content.text === "");
    if (!isHeader && !BASE64_LINE.test(content.text)) break;
    if (content.text !== "") end = line + content.end;
    if (!isHeader && content.text.length < width) break;
    if (!isHeader) width = content.text.length;
  }
  return end;
}

/** Where a key begins whose END line begins at `to`. */
function keyAbove(lines: Lines, to: number): number {
  const { text } = lines;
  let start = to;
  for (let line = lines.startOf(to); line > 0; ) {
    const above = lines.startOf(line - 1);
    const content = contentOf(text.slice(above, line - 1));
    if (!BASE64_LINE.test(content.text)) break;
    start = above + content.start;
    line = above;
  }
  return start;
}
