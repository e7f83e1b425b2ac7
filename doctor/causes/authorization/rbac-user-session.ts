import { sentence } from "../../../token/command/sentence.ts";
import { defineNearMissRule } from "../shared/denial-rule.ts";
import { BINDINGS, suspectedDenial } from "../shared/suspected-denial.ts";

export const rbacUserSession = defineNearMissRule({
  causes: [
    {
      id: "R3",
      what: "A binding names the user of one single session.",
      seen: "403 for most, not for one",
      sameAs: ["E5"],
    },
  ],
  expects: "bindings name a group, because a username ends with the session name, which differs per person",
  confidence: ({ authorization }, { subject }) =>
    plain(subject.name) === plain(authorization.username) ? "certain" : "likely",
  describe: ({ subject, verdict: { binding, role } }, { authorization }) => ({
    summary: `${binding} gives ${role} to the user ${subject.name}; this session's username is ${authorization.username}.`,
    evidence: ["Usernames are compared as a whole, and EKS writes each @ of a session name as -."],
  }),
  suspected: {
    forbidden: suspectedDenial(["R3", "R10", "R2", "R6"], ({ user }) => {
      return {
        hinted: false,
        summary: `A binding meant for the caller names a single session, a template or the role's ARN, and not ${user}.`,
        hints: [],
        confirmedBy: sentence`${BINDINGS} shows the subjects.`,
      };
    }),
  },
});

/** A username in a comparable form: if the same session is only spelled otherwise, this caller was certainly meant. */
function plain(username = ""): string {
  return username.replaceAll("@", "-").toLowerCase();
}
