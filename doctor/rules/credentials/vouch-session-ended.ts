import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { refusalIn } from "../../derive/failure/error-sources.ts";
import { isOtherPrincipal, preAuthSeverity } from "../../derive/failure/pre-auth-severity.ts";
import { loginCommand, vouchSide } from "../../derive/identity/vouch-side.ts";
import { kubectl } from "../../fixes/kubectl.ts";

const REVOKED =
  /the session is over or was revoked|it does not accept this machine's registration|it no longer knows you/;

export const vouchSessionEnded = defineLegacyRule({
  code: "vouch-session-ended",
  stage: "credentials",
  causes: ["V3"],
  expects: "the Vouch server still knows the session",
  needs: [],
  needsOneOf: ["vouch", "errorSources"],
  judge(facts) {
    const { vouch, symptom, pluginRun } = facts;
    const refusal = refusalIn(facts, REVOKED);
    const side = vouchSide(facts, refusal?.quote);
    if (side === undefined || isOtherPrincipal(facts)) return [];
    const isEnded = side.by === "kubectl-vouch" && vouch?.loggedIn === true && vouch.serverConfirms === false;
    if (!isEnded && refusal === undefined) return [];
    const severity = preAuthSeverity(facts) ?? "warning";
    const worksYet = symptom?.kind === "none" || pluginRun?.exitCode === 0;
    return [
      {
        cause: "V3",
        stage: "credentials",
        severity: worksYet ? "warning" : severity,
        confidence: symptom?.kind === "unauthorized" ? "likely" : "certain",
        summary: `${side.server ?? "The Vouch server"} has ended the session${
          worksYet ? ": what is cached works for some minutes more" : ""
        }.`,
        evidence: [
          ...(isEnded
            ? [`Asked for the session, the server says: ${vouch?.serverProblem ?? "it is over"}.`]
            : []),
          ...(refusal === undefined ? [] : [refusal.said]),
        ],
        falsifiedBy: sentence`${kubectl("vouch status")} says that the server confirms the session.`,
        fixes: [
          {
            audience: "you",
            description:
              "Log in again with your security key; if you did not log out yourself, ask the server's administrator why.",
            actions: [loginCommand(side)],
          },
        ],
        explains: ["L13"],
      },
    ];
  },
});
