import { sentence } from "../../../token/command/sentence.ts";
import { cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { ownReviews, reviewOf } from "../../derive/authorization/access-reviews.ts";
import { attemptMeant } from "../../derive/authorization/attempt-of-command.ts";
import { associatedWith } from "../../derive/authorization/authorization.ts";
import type { Facts } from "../../derive/facts.ts";
import { entryUsername } from "../../eks/mapping/mapping.ts";
import type { Principal } from "../../eks/principal/principal.ts";
import { type AccessEntryJson, isExcerpt, knownValue } from "../../evidence/evidence.ts";
import { moreGroups, setGroups } from "../../fixes/access-entry-actions.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { grantFixes, meantGrant } from "../../fixes/grant-fixes.ts";
import { ownGroup } from "../../fixes/rbac-actions.ts";
import { NO_ENTRY } from "../shared/not-applicable.ts";
import { policiesOf, suspectedDenial } from "../shared/suspected.ts";

export const eksAccessEntryWithoutRights = defineRule({
  cause: {
    id: "E5",
    what: "The access entry has neither a policy nor a group: it identifies the caller but grants nothing.",
    seen: "403 for everything",
    remedy:
      "Cluster admin: associate an access policy with the entry, or add a group that has permissions through RBAC.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html",
  },
  expects: "the caller's access entry has a policy or a group",
  needs: ["mapping", "principal"],
  check({ mapping, principal }, seen) {
    const { symptom } = seen;
    if (symptom !== undefined && symptom.kind !== "forbidden") return doesNotApply("no request is denied");
    const { entry } = mapping;
    if (entry === undefined) return NO_ENTRY;
    const { type = "STANDARD", kubernetesGroups: groups } = entry;
    if (type !== "STANDARD") return doesNotApply("access entries of this type have built-in permissions");
    if (groups !== undefined && groups.length > 0) return passed;
    const policies = associatedWith(seen.evidence, entry);
    if (policies === undefined) return cannotTell("associatedPolicies");
    if (policies.length > 0) return passed;
    if (isExcerpt(seen.evidence, "associatedPolicies")) return cannotTell("associatedPolicies");
    if (groups === undefined && !isDescribed(seen, entry)) return cannotTell("accessEntryDetails");
    if (mapping.by !== "entry" || isOtherUser(seen, entry, principal))
      return doesNotApply("the cluster maps the caller to a different user than the access entry does");
    const { authorization } = seen;
    if ((authorization?.bindings?.length ?? 0) > 0 || authorization?.decision === "allowed")
      return doesNotApply("RBAC grants the caller permissions");
    // A binding can be for the user, or by mistake for the role as a group (R2, R3): only RBAC itself shows whether one exists.
    const isBindingKnown = knownValue(seen.evidence.rbac) !== undefined && !isExcerpt(seen.evidence, "rbac");
    return found({
      ...(groups === undefined
        ? { confidence: "possible", inferred: true }
        : { confidence: isBindingKnown && seen.knowsWhoCallsAndHow ? "certain" : "likely" }),
      explains: ["R1"],
      describe: (facts) => ({
        summary: `The access entry for ${entry.principalArn} in ${facts.target.cluster} grants nothing: it has neither a policy nor a group.`,
        evidence: [
          symptom && `The denial is for user "${symptom.user}".`,
          "ListAssociatedAccessPolicies does not return any policy.",
          groups === undefined ? "The evidence does not include its groups." : "kubernetesGroups is empty.",
        ],
        falsifiedBy: "An RBAC binding refers to exactly this user, and the call that it allows succeeds.",
        fixes: fixes(facts, entry),
      }),
    });
  },
  refuted: ({ attempt, evidence }) => attempt !== undefined && reviewOf(attempt, evidence) === true,
  suspected: {
    forbidden: suspectedDenial(
      ["E5", "E9", "E11"],
      ({ facts, user, groups, areGroupsKnown, isEntryName, allowed: { beside, elsewhere } }) => {
        if (!isEntryName || groups.length > 0 || beside.length + elsewhere.length > 0) return undefined;
        return {
          hinted: isAllowedNothing(facts),
          summary:
            "The caller's access entry grants nothing: it does not have a policy or group, lost them in an edit, or overrides aws-auth.",
          hints: [
            `Your Kubernetes username is ${user}${areGroupsKnown ? ", without any other groups" : ""}.`,
          ],
          confirmedBy: sentence`${policiesOf(facts)} does not list any policy.`,
        };
      },
    ),
  },
});

/** Whether the evidence has more about the entry than its ARN; even then, the omitted groups can be few or none. */
function isDescribed({ evidence }: Facts, { principalArn }: AccessEntryJson): boolean {
  const details = knownValue(evidence.accessEntryDetails) ?? [];
  return details.some(({ accessEntry }) => accessEntry.principalArn === principalArn);
}

function isOtherUser(seen: Facts, entry: AccessEntryJson, principal: Principal): boolean {
  const expected = entryUsername(entry, principal);
  if (expected === undefined || seen.isOtherPrincipal) return false;
  const refused = seen.symptom?.kind === "forbidden" ? seen.symptom.user : "";
  const named = refused || knownValue(seen.evidence.selfSubjectReview)?.status.userInfo.username;
  return named !== undefined && named !== expected;
}

function fixes(facts: Facts, entry: AccessEntryJson): Fix[] {
  const { target, principal } = facts;
  const attempt = attemptMeant(facts);
  const grant = meantGrant(facts, entry.principalArn);
  if (attempt !== undefined && !grant.isPolicy) return grantFixes(facts, attempt);
  const { group, says, actions } = ownGroup(facts, principal);
  return [
    ...(attempt === undefined
      ? [forClusterAdmin(`Associate ${grant.says}.`, ...grant.actions)]
      : grantFixes(facts, attempt)),
    forClusterAdmin(
      `Or use RBAC: add the access entry to ${says}.`,
      ...setGroups(target, entry, moreGroups(entry, [group])),
      ...actions,
    ),
  ];
}

/** Whether several requests were reviewed by the API server, and none is allowed. */
function isAllowedNothing({ evidence, isOtherPrincipal }: Facts): boolean {
  if (isOtherPrincipal) return false;
  const reviews = ownReviews(evidence);
  return reviews.length > 1 && reviews.every(({ status }) => !status.allowed);
}
