import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { refusalIn } from "../../derive/failure/error-sources.ts";
import { preAuthSeverity } from "../../derive/failure/pre-auth-severity.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/** Longest token that an EKS verifier reads, in bytes. Source: token/eks/EKS-TOKEN.md, "Verifier". */
const LIMIT = 4096;

/** STS's and our own words for a session that has become too big. */
const TOO_BIG = /PackedPolicyTooLarge|EKS token for \S+ has \d+ bytes; EKS reads at most/;

export const stsTokenTooLong = defineLegacyRule({
  code: "sts-token-too-long",
  stage: "token",
  causes: ["S9"],
  expects: `the token has at most ${LIMIT} bytes`,
  needs: [],
  needsOneOf: ["token", "errorSources"],
  judge(facts) {
    const { token, credentials } = facts;
    const severity = preAuthSeverity(facts);
    const isLong = token !== undefined && token.bytes > LIMIT;
    const refusal = refusalIn(facts, TOO_BIG);
    if (severity === undefined || (!isLong && refusal === undefined)) return [];
    const whose = isFromVouch(credentials) ? "the Vouch server" : "the identity provider";
    return [
      {
        cause: "S9",
        stage: "token",
        severity,
        confidence: isLong ? "certain" : (refusal?.confidence ?? "likely"),
        summary: isLong
          ? `The token has ${token.bytes} bytes, and EKS reads at most ${LIMIT}.`
          : "The AWS session is too big for a token that EKS reads.",
        evidence: [
          ...(isLong ? [`The token has ${token.bytes} bytes.`] : []),
          ...(refusal === undefined ? [] : [refusal.said]),
        ],
        falsifiedBy: sentence`${kubectl("vouch token explain")} counts ${LIMIT} bytes or less.`,
        fixes: [
          {
            audience: "iam-admin",
            description: `Shorten the session: fewer or shorter session tags from ${whose}, no inline session policy.`,
          },
        ],
      },
    ];
  },
});
