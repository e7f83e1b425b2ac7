import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { classifyDenial } from "../../derive/authorization/classified-denial.ts";
import { bindingFixes } from "../../fixes/binding-fixes.ts";
import { denialFinding } from "../shared/denial-finding.ts";

export const rbacUserSession = defineLegacyRule({
  code: "rbac-user-session",
  stage: "authorization",
  causes: ["R3"],
  expects:
    "bindings name a group, because the session name at the end of a username changes from person to person",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = classifyDenial(facts);
    if (refusal?.causeId !== "R3" || refusal.authorization.nearMiss === undefined) return [];
    const { subject, verdict } = refusal.authorization.nearMiss;
    return [
      denialFinding(refusal, {
        confidence: saysTheSame(subject.name, refusal.authorization.username) ? "certain" : "likely",
        summary: `${verdict.binding} gives ${verdict.role} to the user ${subject.name}; this session's username is ${refusal.authorization.username}.`,
        evidence: [
          `${verdict.binding} has the subject User ${subject.name}.`,
          "A username is compared as a whole, and EKS writes each @ of a session name as -.",
        ],
        fixes: bindingFixes(facts, refusal),
        explains: ["E5", "R1", "R7"],
      }),
    ];
  },
});

/** The very session, written otherwise: then it is certain that this caller was meant. */
function saysTheSame(subject: string, username = ""): boolean {
  return subject.replaceAll("@", "-").toLowerCase() === username.replaceAll("@", "-").toLowerCase();
}
