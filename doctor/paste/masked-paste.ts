import { maskText } from "../../token/masking/mask-text.ts";
import { plainLines } from "./plain-lines.ts";
import { type MadeText, withTokensExplained } from "./tokens-explained.ts";

/**
 * A pasted text with its secrets masked, and with what its tokens say. Not for a bundle. The text is masked as a whole, since a
 * wrapped secret is recognized only while its lines are together. `now` is in milliseconds since 1970.
 */
export function maskedPaste(text: string, now: number): MadeText {
  const { text: explained, lineOf } = withTokensExplained(plainLines(text), now);
  return { text: maskText(explained), lineOf };
}
