import { kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { cannotTell, type Description, defineRule, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";
import { forIamAdmin } from "../../fixes/fix.ts";

/** The longest token that an EKS verifier accepts, in bytes. Source: token/eks/EKS-TOKEN.md, "Verifier". */
const LIMIT = 4096;

/** Messages of STS and ours for a session that has become too large. */
const TOO_BIG =
  /PackedPolicyTooLarge|EKS token for \S+ (?:has \d+ bytes; EKS reads|is \d+ bytes long; EKS accepts) at most/;

export const stsTokenTooLong = defineRule({
  cause: {
    id: "S9",
    what: "The token is longer than the verifier accepts.",
    seen: "401, and a very long token",
    remedy: "IAM admin: shorten the session: fewer session tags, no inline session policy.",
  },
  expects: `the token is at most ${LIMIT} bytes long`,
  needs: ["preAuthSeverity"],
  check({ preAuthSeverity: severity }, seen) {
    const error = seen.credentialErrors?.match(TOO_BIG);
    const confidence = error?.confidence ?? ((seen.token?.bytes ?? 0) > LIMIT ? "certain" : undefined);
    if (confidence !== undefined) return found({ severity, confidence, describe });
    return seen.token !== undefined && seen.token.bytes === undefined ? cannotTell("token") : passed;
  },
});

function describe({ token, credentials, credentialErrors }: Facts): Description {
  const bytes = (token?.bytes ?? 0) > LIMIT ? token?.bytes : undefined;
  const issuer = isFromVouch(credentials) ? "the Vouch server" : "the identity provider";
  return {
    summary:
      bytes === undefined
        ? "The AWS session is too large: its token is longer than EKS accepts."
        : `The token is ${bytes} bytes long, but EKS accepts at most ${LIMIT}.`,
    evidence: [
      bytes === undefined ? undefined : `The token is ${bytes} bytes long.`,
      credentialErrors?.match(TOO_BIG)?.said,
    ],
    falsifiedBy: sentence`${kubectl("vouch token explain")} reports at most ${LIMIT} bytes.`,
    fixes: [
      forIamAdmin(
        `Shorten the session: fewer or shorter session tags from ${issuer}, no inline session policy.`,
      ),
    ],
  };
}
