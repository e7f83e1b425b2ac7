import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { refusalIn } from "../../derive/failure/error-sources.ts";
import { preAuthSeverity } from "../../derive/failure/pre-auth-severity.ts";
import { loginCommand, SESSION_EXPIRED, vouchSide } from "../../derive/identity/vouch-side.ts";
import { kubectl } from "../../fixes/kubectl.ts";

export const vouchSessionExpired = defineLegacyRule({
  code: "vouch-session-expired",
  stage: "credentials",
  causes: ["V2"],
  expects: "the Vouch session has not come to its end",
  needs: [],
  needsOneOf: ["vouch", "errorSources"],
  judge(facts) {
    const { vouch, now, pluginRun } = facts;
    const refusal = refusalIn(facts, SESSION_EXPIRED);
    const side = vouchSide(facts, refusal?.quote);
    const severity = preAuthSeverity(facts);
    if (side === undefined || severity === undefined) return [];
    const end = vouch?.sessionEnd;
    const isOver = side.by === "kubectl-vouch" && Date.parse(end ?? "") <= (now ?? Number.NaN);
    if (!isOver && refusal === undefined) return [];
    const contradicted = pluginRun?.exitCode === 0 || facts.symptom?.kind === "unauthorized";
    return [
      {
        cause: "V2",
        stage: "credentials",
        severity,
        confidence: contradicted ? "possible" : isOver ? "certain" : (refusal?.confidence ?? "likely"),
        inferred: contradicted,
        summary: `The session${vouch?.identity === undefined ? "" : ` of ${vouch.identity}`} at ${side.server ?? "the Vouch server"} has ended${
          isOver ? ` at ${end}` : ""
        }.`,
        evidence: [
          ...(isOver ? [`The session's end is ${end}.`] : []),
          ...(refusal === undefined ? [] : [refusal.said]),
        ],
        falsifiedBy: sentence`${kubectl("vouch status")} shows a session with time left.`,
        fixes: [
          {
            audience: "you",
            description: "Log in again with your security key.",
            actions: [loginCommand(side)],
          },
        ],
        explains: ["L13", "V3"],
      },
    ];
  },
});
