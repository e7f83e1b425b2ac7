import { maskText } from "../../token/masking/mask-text.ts";
import { isRecord } from "../../token/record.ts";
import { readExecCredential, tokenFacts } from "../evidence/exec-credential.ts";
import { piecesOf } from "./pieces.ts";
import { plainLines } from "./plain-lines.ts";
import { turnsOf } from "./turns.ts";

/**
 * A pasted text with its secrets masked, and with what its tokens say. Not for a bundle. The text is masked as a whole, since a
 * wrapped secret is recognized only while its lines are together. `now` is in milliseconds since 1970.
 */
export function maskedPaste(text: string, now: number): MadeText {
  const { text: explained, lineOf } = withTokensExplained(plainLines(text), now);
  return { text: maskText(explained), lineOf };
}

/** A text that another was made into. */
export interface MadeText {
  readonly text: string;
  /** The line of the original, from 1, that a line of this text stands for. */
  readonly lineOf: (line: number) => number;
}

/**
 * A text in which each ExecCredential is without its token, and is followed by what the token says, in the form of `kubectl vouch
 * token explain -o json`: the token itself need not be kept. `now` is in milliseconds since 1970.
 */
function withTokensExplained(text: string, now: number): MadeText {
  const lines = text.split("\n").map((line, index) => ({ line, of: index + 1 }));
  const pieces = turnsOf(text).flatMap((turn) => piecesOf(turn));
  for (const { form, value, first, last } of pieces.toReversed()) {
    if (form === "text" || !isRecord(value) || value["kind"] !== "ExecCredential") continue;
    const { token } = readExecCredential(value);
    if (token === undefined || token.includes("***")) continue;
    const status = isRecord(value["status"]) ? value["status"] : {};
    const credential = { ...value, status: { ...status, token: "***" } };
    const explanation = {
      apiVersion: "vouch.kubectl/v1",
      kind: "TokenExplanation",
      ...tokenFacts(token, now),
    };
    const written = [credential, explanation].flatMap((object) =>
      JSON.stringify(object, null, 2).split("\n"),
    );
    const placed = written.map((line, index) => ({ line, of: Math.min(first + index, last) }));
    lines.splice(first - 1, last - first + 1, ...placed);
  }
  return {
    text: lines.map(({ line }) => line).join("\n"),
    lineOf: (line) => lines[line - 1]?.of ?? line,
  };
}
