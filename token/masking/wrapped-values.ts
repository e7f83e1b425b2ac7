import { isMixed } from "./random-words.ts";
import { MASK } from "./secret-names.ts";

/** The narrowest window in which somebody works, in columns: what is shorter was not broken by one. */
const NARROWEST = 40;

/** Such short ends of a value tell nothing. */
const SHORTEST = 16;

/** A piece of a token, a key or the like at the beginning of a line; behind the last of them stands what goes on after the value. */
const PIECE = /^[ \t]*([\w+/.%-]{1,4096}={0,2})(?:$|["'\s,}])/;

/** A masked value at the end of a line. */
const HIDDEN_END = /\*\*\*["']?\r?$/;

/**
 * Hides how a value goes on that a terminal or a mail broke over several lines: `masked` is the text with what its first line
 * gave away hidden already, line for line.
 */
export function maskContinued(text: string, masked: string): string {
  if (!masked.includes(MASK)) return masked;
  const [before, after] = [text.split("\n"), masked.split("\n")];
  if (before.length !== after.length) return masked;
  for (let index = 0; index + 1 < after.length; index += 1) {
    const first = before[index] ?? "";
    if (first.length < NARROWEST || !HIDDEN_END.test(after[index] ?? "")) continue;
    for (let next = index + 1; isPiece(before[next]); next += 1) {
      after[next] = (after[next] ?? "").replace(/[^\s"',]+/, MASK);
      index = next;
      if ((before[next] ?? "").trimEnd().length < NARROWEST) break;
    }
  }
  return after.join("\n");
}

function isPiece(line = ""): boolean {
  const [, piece = ""] = PIECE.exec(line) ?? [];
  return piece.length >= NARROWEST || isMixed(piece.replaceAll(/[-_.%]/g, ""), SHORTEST);
}
