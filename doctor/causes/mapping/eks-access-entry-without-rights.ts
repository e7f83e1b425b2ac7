import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { cannotTell, doesNotApply, found, passed } from "../../check/verdict.ts";
import { ownReviews, reviewOf } from "../../derive/authorization/access-reviews.ts";
import { attemptMeant } from "../../derive/authorization/attempt-of-command.ts";
import { associatedWith } from "../../derive/authorization/authorization.ts";
import type { Facts } from "../../derive/facts.ts";
import type { Principal } from "../../derive/identity/principal.ts";
import { entryUsername } from "../../derive/mapping/mapping.ts";
import { type AccessEntryJson, isExcerpt, knownValue } from "../../evidence/evidence.ts";
import { moreGroups, setGroups } from "../../fixes/access-entry-actions.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { grantFixes } from "../../fixes/grant-fixes.ts";
import { meantGrant } from "../../fixes/meant-policy.ts";
import { ownGroup } from "../../fixes/own-group.ts";
import { NO_ENTRY } from "../shared/not-applicable.ts";
import { policiesOf, suspectedDenial } from "../shared/suspected-denial.ts";

export const eksAccessEntryWithoutRights = defineRule({
  causes: [
    {
      id: "E5",
      what: "The entry has no policy and no group: it lets the caller in and grants nothing.",
      seen: "403 for everything",
    },
  ],
  expects: "the caller's access entry has a policy or a group",
  needs: ["mapping", "principal"],
  check({ mapping, principal }, seen) {
    const { symptom } = seen;
    if (symptom !== undefined && symptom.kind !== "forbidden") return doesNotApply("no request is denied");
    const { entry } = mapping;
    if (entry === undefined) return NO_ENTRY;
    const { type = "STANDARD", kubernetesGroups: groups } = entry;
    if (type !== "STANDARD") return doesNotApply("the entry is of a type that brings its own rights");
    if (groups !== undefined && groups.length > 0) return passed;
    const policies = associatedWith(seen.evidence, entry);
    if (policies === undefined) return cannotTell("associatedPolicies");
    if (policies.length > 0) return passed;
    if (isExcerpt(seen.evidence, "associatedPolicies")) return cannotTell("associatedPolicies");
    if (groups === undefined && !isDescribed(seen, entry)) return cannotTell("accessEntryDetails");
    if (mapping.by !== "entry" || isOtherUser(seen, entry, principal))
      return doesNotApply("the cluster takes the caller for another user than the entry's");
    const { authorization } = seen;
    if ((authorization?.bindings?.length ?? 0) > 0 || authorization?.decision === "allowed")
      return doesNotApply("RBAC gives the caller rights");
    // A binding may name the user, or by mistake the role as a group (R2, R3): only RBAC itself shows that there is none.
    const isBindingKnown = knownValue(seen.evidence.rbac) !== undefined && !isExcerpt(seen.evidence, "rbac");
    return found({
      ...(groups === undefined
        ? { confidence: "possible", inferred: true }
        : { confidence: isBindingKnown && seen.hasContextForCertainty ? "certain" : "likely" }),
      explains: ["R1"],
      describe: (facts) => ({
        summary: `The access entry of ${entry.principalArn} in ${facts.target.cluster} lets its principal in but grants nothing: it has no policy and no group.`,
        evidence: [
          symptom && `The refusal names the user "${symptom.user}".`,
          "ListAssociatedAccessPolicies gives none.",
          groups === undefined ? "Its groups are not in the evidence." : "kubernetesGroups is empty.",
        ],
        falsifiedBy: "Some RBAC binding names this very user, and the call it allows succeeds.",
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
            "The caller's access entry lets them in but grants nothing: it has neither policy nor group, lost them in an edit, or replaced a line of aws-auth.",
          hints: [`Kubernetes calls you ${user}${areGroupsKnown ? ", with no further groups" : ""}.`],
          confirmedBy: sentence`${policiesOf(facts)} shows no policy.`,
        };
      },
    ),
  },
});

/** Whether the evidence has more about the entry than its ARN; even then, groups that are left out may be few or none. */
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
      `Or by RBAC: put the entry into ${says}.`,
      ...setGroups(target, entry, moreGroups(entry, [group])),
      ...actions,
    ),
  ];
}

/** Whether the API server was asked about several requests, and allows none. */
function isAllowedNothing({ evidence, isOtherPrincipal }: Facts): boolean {
  if (isOtherPrincipal) return false;
  const reviews = ownReviews(evidence);
  return reviews.length > 1 && reviews.every(({ status }) => !status.allowed);
}
