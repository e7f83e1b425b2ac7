import { maskText } from "../../token/masking/mask-text.ts";
import { plainLines } from "./plain-lines.ts";
import { type MadeText, withTokensExplained } from "./tokens-explained.ts";

/**
 * A pasted text, but no bundle, without anything that lets somebody in; of a token stays what it says. It is masked whole, since a
 * secret that is wrapped is only seen while its lines stand together. `now` is in milliseconds since 1970.
 */
export function maskedPaste(text: string, now: number): MadeText {
  const { text: explained, lineOf } = withTokensExplained(plainLines(text), now);
  return { text: maskText(explained), lineOf };
}
