import { kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Description, defineRule, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { vouchTool } from "../../derive/identity/vouch-side.ts";
import { forYou } from "../../fixes/fix.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";
import { NO_VOUCH, type SessionFault, sessionFault, vouchLogin } from "../shared/session-rule.ts";

const REVOKED: SessionFault = {
  pattern:
    /the session (?:is over|has ended) or was revoked|it does not accept this machine's registration|it no longer knows you|the user no longer exists there/,
  isShown: ({ loggedIn, serverConfirms }) => loggedIn === true && serverConfirms === false,
};

export const vouchSessionEnded = defineRule({
  cause: {
    id: "V3",
    what: "The server ended the Vouch session before it expired.",
    seen: "the server rejects the session",
    remedy:
      "Log in again; if you did not log out yourself, contact the server admin about why the session was revoked.",
  },
  expects: "the Vouch server still accepts the session",
  check(_, seen) {
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    if (vouchTool(seen) === undefined) return NO_VOUCH;
    if (sessionFault(seen, REVOKED) === undefined) return passed;
    const stillWorks = seen.symptom?.kind === "none" || seen.pluginRun?.exitCode === 0;
    return found({
      severity: (stillWorks ? undefined : seen.preAuthSeverity) ?? "warning",
      confidence: seen.symptom?.kind === "unauthorized" ? "likely" : "certain",
      explains: ["L13"],
      describe: (facts) => describe(facts, stillWorks),
    });
  },
  refuted: ({ vouch }) => vouch?.serverConfirms === true,
});

function describe(facts: Facts, stillWorks: boolean): Description {
  const { server = "The Vouch server", login, said, isShown } = vouchLogin(facts, REVOKED);
  const answer = facts.vouch?.serverProblem ?? "it is over";
  return {
    summary: `${server} has ended the session${stillWorks ? "; cached credentials work for a few more minutes" : ""}.`,
    evidence: [isShown && `The server rejects the session: ${answer}.`, said],
    falsifiedBy: sentence`${kubectl("vouch status")} shows that the server confirms the session.`,
    fixes: [
      forYou(
        "Log in again with your security key. If you did not log out yourself, contact the Vouch server's admin for the reason.",
        login,
      ),
    ],
  };
}
