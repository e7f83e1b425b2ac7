import { kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { SESSION_EXPIRED } from "../../derive/identity/vouch-side.ts";
import { forYou } from "../../fixes/fix.ts";
import { defineSessionRule } from "../shared/session-rule.ts";

export const vouchSessionExpired = defineSessionRule({
  cause: {
    id: "V2",
    what: "The Vouch session has expired.",
    seen: "the session has expired",
    remedy: "Log in again with your security key: kubectl vouch login.",
  },
  expects: "the Vouch session has not expired",
  pattern: SESSION_EXPIRED,
  isShown: ({ sessionEnd = "" }, now) => Date.parse(sessionEnd) <= now,
  isRefuted: ({ loggedIn, sessionEnd = "" }, now) => loggedIn && Date.parse(sessionEnd) > now,
  explains: ["L13", "V1", "V3"],
  describe({ server = "the Vouch server", login, said, isShown }, { vouch }) {
    const session = `The Vouch session${vouch?.identity ? ` of ${vouch.identity}` : ""} with ${server}`;
    return {
      summary: isShown ? `${session} expired at ${vouch?.sessionEnd}.` : `${session} has expired.`,
      evidence: [isShown && `The session was valid until ${vouch?.sessionEnd}.`, said],
      falsifiedBy: sentence`${kubectl("vouch status")} shows a session that has not expired.`,
      fixes: [forYou("Log in again with your security key.", login)],
    };
  },
});
