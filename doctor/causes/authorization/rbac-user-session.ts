import { sentence } from "../../../token/command/sentence.ts";
import { defineNearMissRule } from "../shared/denial-rule.ts";
import { BINDINGS, suspectedDenial } from "../shared/suspected.ts";

export const rbacUserSession = defineNearMissRule({
  cause: {
    id: "R3",
    what: "A binding refers to the username of a single session.",
    seen: "403 in every session but one",
    remedy: "Cluster admin: bind a group of the mapping instead of the username of one session.",
    sameAs: ["E5"],
    page: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects",
  },
  expects: "bindings refer to a group, because a username ends with the session name, which differs per user",
  confidence: ({ authorization }, { subject }) =>
    plain(subject.name) === plain(authorization.username) ? "certain" : "likely",
  describe: ({ subject, verdict: { binding, role } }, { authorization }) => ({
    summary: `${binding} grants ${role} to user ${subject.name}, but this session's username is ${authorization.username}.`,
    evidence: ["Usernames must match exactly, and EKS replaces each @ in a session name with -."],
  }),
  suspected: {
    forbidden: suspectedDenial(["R3", "R10", "R2", "R6"], ({ user }) => {
      return {
        summary: `A binding meant for the caller refers to a single session, a template or the role's ARN, but not to user ${user}.`,
        confirmedBy: sentence`${BINDINGS} shows the subjects.`,
      };
    }),
  },
});

/** A username in a comparable form: if the same session is only spelled differently, this caller was certainly meant. */
function plain(username = ""): string {
  return username.replaceAll("@", "-").toLowerCase();
}
