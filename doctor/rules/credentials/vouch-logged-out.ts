import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { refusalIn } from "../../derive/failure/error-sources.ts";
import { preAuthSeverity } from "../../derive/failure/pre-auth-severity.ts";
import { loginCommand, vouchSide } from "../../derive/identity/vouch-side.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/** Our own words, and those of upstream's `vouch`, when there is no session. */
const NOBODY =
  /Nobody is logged in to \S+|(?<!\S)\S+ is not logged in to \S+|The session of \S+ at \S+ (?:is not in|cannot be read from) the \S+ key store|[Nn]ot (?:authenticated|logged in)[.;:,] .{0,300}vouch login/;

export const vouchLoggedOut = defineLegacyRule({
  code: "vouch-logged-out",
  stage: "credentials",
  causes: ["V1"],
  expects: "somebody is logged in to the Vouch server of the context",
  needs: [],
  needsOneOf: ["vouch", "errorSources"],
  judge(facts) {
    const { vouch, now, pluginRun } = facts;
    const refusal = refusalIn(facts, NOBODY);
    const side = vouchSide(facts, refusal?.quote);
    const severity = preAuthSeverity(facts);
    if (side === undefined || severity === undefined) return [];
    const end = vouch?.sessionEnd;
    const mayBeOver = end !== undefined && !(Date.parse(end) > (now ?? Number.NaN));
    const isOut = side.by === "kubectl-vouch" && vouch?.loggedIn === false && !mayBeOver;
    if (!isOut && (refusal === undefined || vouch?.loggedIn === true)) return [];
    const contradicted = pluginRun?.exitCode === 0 || facts.symptom?.kind === "unauthorized";
    return [
      {
        cause: "V1",
        stage: "credentials",
        severity,
        confidence: contradicted ? "possible" : "certain",
        inferred: contradicted,
        summary: `Nobody is logged in to ${side.server ?? "the Vouch server"}.`,
        evidence: [
          ...(isOut ? [`This machine has no session at ${vouch?.server}.`] : []),
          ...(refusal === undefined ? [] : [refusal.said]),
        ],
        falsifiedBy: sentence`${kubectl("vouch status")} says who is logged in there.`,
        fixes: [
          { audience: "you", description: "Log in with your security key.", actions: [loginCommand(side)] },
        ],
        explains: ["L13"],
      },
    ];
  },
});
