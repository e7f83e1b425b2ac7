import { defineNearMissRule } from "../shared/denial-rule.ts";

export const rbacUserSession = defineNearMissRule({
  cause: "R3",
  expects: "bindings name a group, because a username ends with the session name, which differs per person",
  confidence: ({ authorization }, { subject }) =>
    plain(subject.name) === plain(authorization.username) ? "certain" : "likely",
  describe: ({ subject, verdict: { binding, role } }, { authorization }) => ({
    summary: `${binding} gives ${role} to the user ${subject.name}; this session's username is ${authorization.username}.`,
    evidence: ["Usernames are compared as a whole, and EKS writes each @ of a session name as -."],
  }),
});

/** A username in a comparable form: if the same session is only spelled otherwise, this caller was certainly meant. */
function plain(username = ""): string {
  return username.replaceAll("@", "-").toLowerCase();
}
