import { kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { forYou } from "../../fixes/fix.ts";
import { defineSessionRule } from "../shared/session-rule.ts";

/** Our own messages, and those of upstream's `vouch`, if there is no session. */
const NO_SESSION =
  /(?:Nobody is|You are not) logged in to (?!IAM )\S+|(?<!\S)\S+ is not logged in to \S+|The session of \S+ at \S+ (?:is not in|cannot be read from) the \S+ key store|[Nn]ot (?:authenticated|logged in)[.;:,] .{0,300}vouch login/;

export const vouchLoggedOut = defineSessionRule({
  cause: {
    id: "V1",
    what: "No user is logged in to Vouch on this machine.",
    seen: "not logged in",
    remedy: "Log in with your security key: kubectl vouch login.",
  },
  expects: "a user is logged in to the context's Vouch server",
  pattern: NO_SESSION,
  // A session that may have expired is covered by another rule.
  isShown: ({ loggedIn, sessionEnd }, now) =>
    loggedIn === false && (sessionEnd === undefined || Date.parse(sessionEnd) > now),
  isOver: ({ loggedIn }) => loggedIn === true,
  explains: ["L13"],
  describe: ({ server, login, said, isShown }, { vouch }) => ({
    summary: `Not logged in to ${server ?? "the Vouch server"}.`,
    evidence: [isShown && `This machine does not have a session with ${vouch?.server}.`, said],
    falsifiedBy: sentence`${kubectl("vouch status")} shows a user who is logged in there.`,
    fixes: [forYou("Log in with your security key.", login)],
  }),
});
