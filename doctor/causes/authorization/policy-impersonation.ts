import { typed } from "../../../token/command/command.ts";
import { type Sentence, sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { type Conclusion, doesNotApply, found } from "../../check/verdict.ts";
import { reviewOf } from "../../derive/authorization/access-reviews.ts";
import { describeRequest } from "../../derive/authorization/denied-request.ts";
import {
  type Impersonation,
  isToImpersonate,
  rightsToImpersonate,
} from "../../derive/authorization/impersonation.ts";
import { serviceAccountOf } from "../../derive/authorization/service-account.ts";
import type { Facts } from "../../derive/facts.ts";
import type { Symptom } from "../../derive/failure/symptom.ts";
import { commandWords } from "../../derive/kubeconfig/command-words.ts";
import { fixesForOther } from "../../fixes/binding-fixes.ts";
import { canI } from "../../fixes/can-i.ts";
import { type Fix, forYou, orElse } from "../../fixes/fix.ts";
import { roleFixes } from "../../fixes/grant-fixes.ts";
import { IMPERSONATION_FIELDS, withoutFields } from "../../fixes/user-fields.ts";

/** kubectl's message if even its first request, for the resources that exist, is refused (measured, 1.36). */
const UNKNOWN = /\(Forbidden\): unknown\b/;

/**
 * Access policies belong to the principal, so an impersonated user has none; and impersonating is a separate right. Source:
 * doctor/EKS-ACCESS.md, "Access policies", "Reviews".
 */
export const policyImpersonation = defineRule({
  causes: [
    {
      id: "P7",
      what: "The request impersonates somebody, and then policies do not count.",
      seen: "403 with --as",
    },
  ],
  expects: "requests that access policies grant are made without impersonation",
  needs: ["symptom"],
  check({ symptom }, seen) {
    const isUnknown = symptom.kind === "other" && UNKNOWN.test(symptom.text);
    if (symptom.kind !== "forbidden" && !isUnknown) return doesNotApply("the API server denied nothing");
    if (seen.isOtherPrincipal) return doesNotApply("the question is about somebody other than the caller");
    const { impersonation } = seen;
    if (impersonation === undefined) return doesNotApply("the call impersonates nobody");
    if (isUnknown) return found(refused(impersonation, symptom, "likely"));
    if (symptom.kind === "forbidden" && isToImpersonate(symptom.attempt))
      return found(refused(impersonation, symptom, "certain"));
    return checkInForce(impersonation, symptom, seen);
  },
});

function checkInForce(impersonation: Impersonation, symptom: Symptom, seen: Facts) {
  const user = symptom.kind === "forbidden" ? symptom.user : "";
  if (impersonation.user !== undefined && impersonation.user !== user)
    return doesNotApply("the API server names another user");
  const { attempt } = seen;
  const isAllowed = attempt !== undefined && reviewOf(attempt, seen.evidence) === true;
  const { source } = impersonation;
  return found({
    confidence: isAllowed ? "certain" : "likely",
    explains: ["R7"],
    describe: (facts) => ({
      summary: `The call was made as ${JSON.stringify(user)}, and access policies do not apply to an impersonated user.`,
      evidence: [
        `The API server names ${JSON.stringify(user)}, and there is ${source}.`,
        isAllowed &&
          `Without impersonation the caller may ${describeRequest(attempt)}, says a SelfSubjectAccessReview.`,
      ],
      falsifiedBy: attempt === undefined ? SAME_WITHOUT : sentence`${canI(attempt)}, without it, says no.`,
      fixes: [ownFix(facts, impersonation), ...grantFixes(facts, user)],
    }),
  });
}

const SAME_WITHOUT = "The same command without it fails as well.";

function refused(
  impersonation: Impersonation,
  symptom: Symptom,
  confidence: Conclusion["confidence"],
): Conclusion {
  const rights = rightsToImpersonate(impersonation);
  const whom = impersonation.user ?? rights[0]?.name ?? "somebody else";
  return {
    confidence,
    explains: ["R7"],
    describe: (facts) => ({
      summary: `The caller may not impersonate ${whom}: there is ${impersonation.source}.`,
      evidence: [
        symptom.kind === "forbidden" && `The API server refuses it to ${JSON.stringify(symptom.user)}.`,
        `Whoever may impersonate ${whom} may do all that ${whom} may.`,
      ],
      falsifiedBy: sayAllowed(rights),
      fixes: [ownFix(facts, impersonation), ...impersonateFixes(facts, impersonation)],
    }),
  };
}

function sayAllowed([right]: ReturnType<typeof rightsToImpersonate>): Sentence {
  return right === undefined ? SAME_WITHOUT : sentence`${canI(right)} says yes.`;
}

/** If nothing names the impersonated user, the placeholder is USER, for a person to fill in. */
function impersonateFixes(facts: Facts, impersonation: Impersonation): Fix[] {
  const [first, ...others] = rightsToImpersonate(impersonation);
  return first === undefined
    ? impersonateFixes(facts, { ...impersonation, user: "USER" })
    : roleFixes(facts, first, ...others).map(orElse);
}

function ownFix({ question, context }: Facts, { from }: Impersonation): Fix {
  if (from === "kubeconfig") {
    return forYou(
      `Remove "as" from the kubeconfig user ${context?.userName}.`,
      ...(context === undefined ? [] : withoutFields(context, IMPERSONATION_FIELDS)),
    );
  }
  const command = withoutImpersonation(commandWords(question?.command ?? ""));
  const isOfKubernetes = ["kubectl", "helm"].includes(command[0] ?? "");
  return forYou("Run it as yourself, without --as.", ...(isOfKubernetes ? [typed(command)] : []));
}

/** By RBAC, since an impersonated user has no other rights. */
function grantFixes(facts: Facts, user: string): Fix[] {
  const subject = serviceAccountOf(user) ?? ({ kind: "User", name: user } as const);
  const { attempt } = facts;
  return attempt === undefined ? [] : fixesForOther(facts, subject, attempt).map(orElse);
}

/** A command line without `--as VALUE`, `--as=VALUE` and related flags. */
function withoutImpersonation(words: readonly string[]): readonly string[] {
  const isFlag = (word: string | undefined) => /^--as(?:-group|-uid|-user-extra)?$/.test(word ?? "");
  return words.filter(
    (word, index) =>
      !isFlag(word) && !isFlag(words[index - 1]) && !/^--as(?:-group|-uid|-user-extra)?=/.test(word),
  );
}
