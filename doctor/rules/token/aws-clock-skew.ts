import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { refusalIn } from "../../derive/failure/error-sources.ts";
import { isOtherPrincipal, preAuthSeverity } from "../../derive/failure/pre-auth-severity.ts";
import type { ClockReading } from "../../evidence/evidence.ts";
import { CLOCK_WORDS, SET_CLOCK } from "../../fixes/clock-words.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";

/**
 * How far a clock may be off, in seconds. Behind: then the verifier takes every token for expired. Ahead: then STS takes
 * every signature for one of the future. Source: doctor/AWS-CREDENTIALS.md, "Clock".
 */
const REFUSED = { behind: 15 * 60, ahead: 5 * 60 };

/** How far before a Vouch server refuses what we sign, in seconds. Source: token/vouch/VOUCH-PROTOCOL.md, "Times". */
const REFUSED_BY_VOUCH = { behind: 70, ahead: 10 };

/** From here on a token dies noticeably before its time, in seconds. */
const NOTICEABLE = 2 * 60;

export const awsClockSkew = defineLegacyRule({
  code: "aws-clock-skew",
  stage: "token",
  causes: ["S8"],
  expects: "this machine's clock agrees with the others",
  needs: ["clocks"],
  judge(facts) {
    const shown = fromClocks(facts, facts.clocks);
    return shown === undefined ? [] : [{ cause: "S8", stage: "token", ...shown, fixes: SET_CLOCK }];
  },
});

type Shown = Omit<LegacyFinding, "cause" | "stage" | "fixes">;

/** The clock that all peers agree on is right; of several the smallest difference counts. */
function fromClocks(facts: Facts, clocks: readonly ClockReading[]): Shown | undefined {
  const [least] = [...clocks].sort((a, b) => Math.abs(a.aheadSeconds) - Math.abs(b.aheadSeconds));
  if (least === undefined || isOtherPrincipal(facts)) return undefined;
  const off = least.aheadSeconds;
  const severity = preAuthSeverity(facts);
  const refusal = refusalIn(facts, CLOCK_WORDS);
  const isRefused = isBeyond(off, REFUSED);
  const isVouch = isFromVouch(facts.credentials) && facts.symptom?.kind === "plugin-failed";
  const isTooMuch = isRefused || (isVouch && isBeyond(off, REFUSED_BY_VOUCH));
  if (!isTooMuch && Math.abs(off) < NOTICEABLE) return undefined;
  if (isTooMuch && severity === undefined && facts.symptom?.kind !== "none") return undefined;
  return {
    severity: isTooMuch && severity !== undefined ? severity : "warning",
    confidence: isTooMuch ? sureness(clocks, isRefused) : "likely",
    summary: `This machine's clock is ${sayOff(off)}${consequence(off, isTooMuch)}.`,
    evidence: [
      ...clocks.map(({ peer, aheadSeconds }) => `Against ${peer} it is ${sayOff(aheadSeconds)}.`),
      ...(refusal === undefined ? [] : [refusal.said]),
    ],
    falsifiedBy: sentence`${run("date", "-u")} shows the right time.`,
  };
}

/** One peer alone may be wrong itself; what only a Vouch server minds may have other reasons. */
function sureness(clocks: readonly ClockReading[], isRefused: boolean): Confidence {
  return isRefused && clocks.length > 0 ? "certain" : "likely";
}

function isBeyond(ahead: number, limit: { readonly ahead: number; readonly behind: number }): boolean {
  return ahead > 0 ? ahead > limit.ahead : -ahead > limit.behind;
}

function sayOff(ahead: number): string {
  const seconds = Math.abs(Math.round(ahead));
  if (seconds === 0) return "right to the second";
  return `${seconds < 600 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`} ${ahead > 0 ? "fast" : "slow"}`;
}

function consequence(ahead: number, isTooMuch: boolean): string {
  if (!isTooMuch) return ahead < 0 ? ": tokens die earlier than they say" : "";
  return ahead > 0 ? ": what it signs is dated in the future" : ": its tokens count as expired";
}
