import { type Sentence, sentence } from "../../../token/command/sentence.ts";
import { type Conclusion, defineRule, doesNotApply, found } from "../../check/rule.ts";
import { reviewOf } from "../../derive/authorization/access-reviews.ts";
import { describeRequest } from "../../derive/authorization/denial.ts";
import {
  type Impersonation,
  isToImpersonate,
  rightsToImpersonate,
} from "../../derive/authorization/impersonation.ts";
import type { Facts } from "../../derive/facts.ts";
import type { Symptom } from "../../derive/failure/symptom.ts";
import { serviceAccountOf } from "../../eks/rbac/service-account.ts";
import { fixesForOther } from "../../fixes/binding-fixes.ts";
import { type Fix, forYou, orElse } from "../../fixes/fix.ts";
import { roleFixes } from "../../fixes/grant-fixes.ts";
import { IMPERSONATION_FIELDS, withoutFields } from "../../fixes/kubeconfig-commands.ts";
import { canI } from "../../fixes/rbac-actions.ts";

/** kubectl's message if even its first request, for the resources that exist, is denied (measured, 1.36). */
const UNKNOWN = /\(Forbidden\): unknown\b/;

/**
 * Access policies belong to the principal, so an impersonated user has none; and impersonating is a separate permission. Source:
 * doctor/EKS-ACCESS.md, "Access policies", "Reviews".
 */
export const policyImpersonation = defineRule({
  cause: {
    id: "P7",
    what: "The request impersonates another user, so access policies do not apply.",
    seen: "403 with --as",
    remedy:
      "Run the command as yourself, without --as. Or, as cluster admin, grant the permission to the user that you impersonate.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html",
  },
  expects: "requests that access policies grant are made without impersonation",
  needs: ["symptom"],
  check({ symptom }, seen) {
    const isUnknown = symptom.kind === "other" && UNKNOWN.test(symptom.text);
    if (symptom.kind !== "forbidden" && !isUnknown)
      return doesNotApply("the API server did not deny a request");
    if (seen.isOtherPrincipal) return doesNotApply("the question is not about the caller");
    const { impersonation } = seen;
    if (impersonation === undefined) return doesNotApply("the call does not impersonate a user");
    if (isUnknown) return found(refused(impersonation, symptom, "likely"));
    if (symptom.kind === "forbidden" && isToImpersonate(symptom.attempt))
      return found(refused(impersonation, symptom, "certain"));
    return checkInForce(impersonation, symptom, seen);
  },
});

function checkInForce(impersonation: Impersonation, symptom: Symptom, seen: Facts) {
  const user = symptom.kind === "forbidden" ? symptom.user : "";
  if (impersonation.user !== undefined && impersonation.user !== user)
    return doesNotApply("the denial is for a different user");
  const { attempt } = seen;
  const isAllowed = attempt !== undefined && reviewOf(attempt, seen.evidence) === true;
  const { source } = impersonation;
  return found({
    confidence: isAllowed ? "certain" : "likely",
    explains: ["R7"],
    describe: (facts) => ({
      summary: `The call was made as ${JSON.stringify(user)}, but access policies do not apply to an impersonated user.`,
      evidence: [
        `The denial is for user ${JSON.stringify(user)}; the impersonation comes from ${source}.`,
        isAllowed &&
          `Without impersonation, a SelfSubjectAccessReview allows the caller to ${describeRequest(attempt)}.`,
      ],
      falsifiedBy:
        attempt === undefined ? SAME_WITHOUT : sentence`${canI(attempt)}, without impersonation, prints no.`,
      fixes: [ownFix(facts, impersonation), ...grantFixes(facts, user)],
    }),
  });
}

const SAME_WITHOUT = "The same command also fails without impersonation.";

function refused(
  impersonation: Impersonation,
  symptom: Symptom,
  confidence: Conclusion["confidence"],
): Conclusion {
  const rights = rightsToImpersonate(impersonation);
  const target = impersonation.user ?? rights[0]?.name ?? "another user";
  return {
    confidence,
    explains: ["R7"],
    describe: (facts) => ({
      summary: `The caller is not allowed to impersonate ${target} (${impersonation.source}).`,
      evidence: [
        symptom.kind === "forbidden" && `The API server denies it to user ${JSON.stringify(symptom.user)}.`,
        `Anyone who can impersonate ${target} gets all of the permissions that ${target} has.`,
      ],
      falsifiedBy: sayAllowed(rights),
      fixes: [ownFix(facts, impersonation), ...impersonateFixes(facts, impersonation)],
    }),
  };
}

function sayAllowed([right]: ReturnType<typeof rightsToImpersonate>): Sentence {
  return right === undefined ? SAME_WITHOUT : sentence`${canI(right)} prints yes.`;
}

/** If the impersonated user is not known, the placeholder is USER, to be filled in by hand. */
function impersonateFixes(facts: Facts, impersonation: Impersonation): Fix[] {
  const [first, ...others] = rightsToImpersonate(impersonation);
  return first === undefined
    ? impersonateFixes(facts, { ...impersonation, user: "USER" })
    : roleFixes(facts, first, ...others).map(orElse);
}

function ownFix({ context }: Facts, { from }: Impersonation): Fix {
  if (from === "kubeconfig") {
    return forYou(
      `Remove "as" from kubeconfig user ${context?.userName}.`,
      ...(context === undefined ? [] : withoutFields(context, IMPERSONATION_FIELDS)),
    );
  }
  return forYou("Run the command as yourself, without --as.");
}

/** Through RBAC, since an impersonated user does not have other permissions. */
function grantFixes(facts: Facts, user: string): Fix[] {
  const subject = serviceAccountOf(user) ?? ({ kind: "User", name: user } as const);
  const { attempt } = facts;
  return attempt === undefined ? [] : fixesForOther(facts, subject, attempt).map(orElse);
}
