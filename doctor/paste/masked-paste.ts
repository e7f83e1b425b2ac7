import { maskText } from "../../token/masking/mask-text.ts";
import { plainLines } from "./plain-lines.ts";
import { type MadeText, withTokensExplained } from "./tokens-explained.ts";

/**
 * A pasted text without anything that lets somebody in; what a token says is kept. Not for a bundle. The text is masked as a whole,
 * since a wrapped secret is only seen while its lines stand together. `now` is in milliseconds since 1970.
 */
export function maskedPaste(text: string, now: number): MadeText {
  const { text: explained, lineOf } = withTokensExplained(plainLines(text), now);
  return { text: maskText(explained), lineOf };
}
