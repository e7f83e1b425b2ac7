import type { HttpAnswer } from "../net/http-client.ts";
import { httpDate } from "../net/http-date.ts";

/**
 * How far our clock may be off before the server refuses what we sign, in seconds: ahead, and behind.
 * Source: VOUCH-PROTOCOL.md, "Times": an assertion lives 60 s with 10 s tolerance; a proof or signature 300 s, 60 s
 * ahead.
 */
const TOLERANCE = {
  assertion: { ahead: 10, behind: 70 },
  proof: { ahead: 60, behind: 300 },
} as const;

export type Signed = keyof typeof TOLERANCE;

/** "13 s ahead of" or "400 s behind", if our clock explains why the server refused what we signed. */
export function refusedSkew(answer: HttpAnswer, signed: Signed): string | undefined {
  const date = httpDate(answer.headers.date);
  if (date === undefined) return undefined;

  // The server read its clock between our two readings, and truncated it to a whole second: these are lower bounds.
  const ahead = (answer.sentAt - date - 999) / 1000;
  const behind = (date - answer.receivedAt) / 1000;
  const { [signed]: tolerance } = TOLERANCE;
  if (ahead > tolerance.ahead) return `${Math.round(ahead)} s ahead of`;
  if (behind > tolerance.behind) return `${Math.round(behind)} s behind`;
  return undefined;
}
