import { ours } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { showTime } from "../../../token/command/tasks.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { matchInError } from "../../derive/failure/error-sources.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";
import { CLOCK_WORDS, SET_CLOCK } from "../../fixes/machine-fixes.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";
import { suspectedUnknown } from "../shared/suspected.ts";

/**
 * How far a clock may be off, in seconds. If it is behind, the verifier considers every token expired; if it is ahead, STS
 * considers every signature to be from the future. Source: doctor/AWS-CREDENTIALS.md, "Clock".
 */
const REFUSED = { behind: 15 * 60, ahead: 15 * 60 };

/** The difference from which a Vouch server rejects what we sign, in seconds. Source: token/vouch/VOUCH-PROTOCOL.md, "Times". */
const REFUSED_BY_VOUCH = { behind: 70, ahead: 10 };

/** The difference from which a token expires noticeably early, in seconds. */
const NOTICEABLE = 2 * 60;

/** With both times, as Go writes it. EKS renews the certificates of its API servers long before they expire. */
const EXPIRED =
  /certificate has expired(?: or is not yet valid(?:: current time \S{1,40} is (?:after|before) \S{1,40})?)?/;

export const awsClockSkew = defineRule({
  cause: {
    id: "S8",
    what: "This machine's clock is wrong, so signatures are too old or too new.",
    seen: "401 always, or Signature expired",
    remedy: "Correct the clock: enable time synchronization.",
    page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html",
  },
  expects: "this machine's clock agrees with other clocks",
  needs: ["clocks"],
  check({ clocks }, seen) {
    // Our clock is only wrong if all peers agree on it: of several differences, the smallest counts.
    const [off] = clocks.map(({ aheadSeconds }) => aheadSeconds).sort((a, b) => Math.abs(a) - Math.abs(b));
    if (off === undefined) return doesNotApply("no clock was compared");
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    const isRefused = isBeyond(off, REFUSED);
    const isTooMuch =
      isRefused ||
      (isBeyond(off, REFUSED_BY_VOUCH) &&
        seen.symptom?.kind === "plugin-failed" &&
        isFromVouch(seen.credentials));
    if (!isTooMuch && Math.abs(off) < NOTICEABLE) return passed;
    const severity = isTooMuch ? seen.preAuthSeverity : "warning";
    if (severity === undefined && seen.symptom?.kind !== "none")
      return doesNotApply("the cluster accepts the caller");
    return found({
      severity: severity ?? "warning",
      // What only a Vouch server rejects may have other reasons.
      confidence: isRefused ? "certain" : "likely",
      describe: ({ credentialErrors }) => ({
        summary: `This machine's clock is ${describeOffset(off)}${consequence(off, isTooMuch)}.`,
        evidence: [
          ...clocks.map(
            ({ peer, aheadSeconds }) => `Compared with ${peer}, it is ${describeOffset(aheadSeconds)}.`,
          ),
          credentialErrors?.match(CLOCK_WORDS)?.said,
        ],
        falsifiedBy: sentence`${showTime()} shows the right time.`,
        fixes: SET_CLOCK,
      }),
    });
  },
  suspected: {
    unreachable: {
      causes: ["S8", "N7"],
      suspicion: ({ pastedError }) => {
        const words = matchInError(pastedError, EXPIRED);
        if (words === undefined) return undefined;
        return {
          summary:
            "This machine's clock is wrong, or a proxy on the path presents a certificate that has expired.",
          hints: [`The client reports “${words.match[0]}”.`],
          audience: "you",
          confirmedBy: sentence`${showTime()} does not show the right time.`,
        };
      },
    },
    unauthorized: suspectedUnknown(["S8", "S6", "S9", "V7", "S10"], () => ({
      summary:
        "The cluster rejects the token itself: this machine's clock is wrong, or the token is signed for an STS endpoint that EKS does not accept.",
      confirmedBy: sentence`${showTime()} differs from the actual time, or ${ours("token explain")} reports a problem.`,
    })),
  },
});

function isBeyond(ahead: number, limit: { readonly ahead: number; readonly behind: number }): boolean {
  return ahead > 0 ? ahead > limit.ahead : -ahead > limit.behind;
}

function describeOffset(ahead: number): string {
  const seconds = Math.abs(Math.round(ahead));
  if (seconds === 0) return "accurate to the second";
  return `${seconds < 600 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`} ${ahead > 0 ? "fast" : "slow"}`;
}

function consequence(off: number, isTooMuch: boolean): string {
  if (!isTooMuch) return off < 0 ? ": its tokens expire early" : "";
  return off > 0 ? ": its signatures are dated in the future" : ": its tokens are already expired";
}
