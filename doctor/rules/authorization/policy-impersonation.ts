import { typed } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { doesNotApply, found } from "../../check/verdict.ts";
import { reviewOf } from "../../derive/authorization/access-reviews.ts";
import { describeRequest } from "../../derive/authorization/denied-request.ts";
import type { Facts } from "../../derive/facts.ts";
import { commandWords } from "../../derive/kubeconfig/command-words.ts";
import { canI } from "../../fixes/can-i.ts";
import { type Fix, forClusterAdmin, forYou } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/**
 * Access policies belong to the principal: an impersonated user has none.
 * Source: doctor/EKS-ACCESS.md, "Access policies".
 */
export const policyImpersonation = defineRule({
  causes: ["P7"],
  expects: "requests that access policies grant are made without impersonation",
  needs: ["symptom"],
  reads: ["impersonation", "isOtherPrincipal", "attempt", "accessReviews"],
  check({ symptom }, seen) {
    if (symptom.kind !== "forbidden") return doesNotApply("the API server denied nothing");
    if (seen.isOtherPrincipal) return doesNotApply("the question is about somebody else than the caller");
    const { impersonation, attempt } = seen;
    if (impersonation === undefined) return doesNotApply("the call impersonates nobody");
    const isDenied = /\bimpersonate/.test(attempt?.verb ?? "");
    const isInForce = impersonation.user === undefined || impersonation.user === symptom.user;
    if (!isInForce && !isDenied) return doesNotApply("the API server names another user");
    const isAllowed = isInForce && attempt !== undefined && reviewOf(attempt, seen.evidence) === true;
    const { user } = symptom;
    const { source, user: wanted } = impersonation;
    return found({
      confidence: isAllowed ? "certain" : "likely",
      explains: ["R7"],
      describe: (facts) => ({
        summary: isDenied
          ? `The caller may not impersonate ${wanted ?? "somebody else"}: ${source}.`
          : `The call was made as ${JSON.stringify(user)}, and access policies do not apply to an impersonated user.`,
        evidence: [
          `The API server names ${JSON.stringify(user)}, and there is ${source}.`,
          isAllowed &&
            `Without impersonation the caller may ${describeRequest(attempt)}, says a SelfSubjectAccessReview.`,
        ],
        falsifiedBy:
          attempt === undefined
            ? "The same command without it fails as well."
            : sentence`${canI(attempt)}, without it, says no.`,
        fixes: [ownFix(facts, source), grantFix(wanted ?? user)],
      }),
    });
  },
});

function ownFix({ question, context }: Facts, source: string): Fix {
  if (!source.endsWith("in the command"))
    return forYou(
      `Remove "as" from the kubeconfig user ${context?.userName}.`,
      kubectl("config unset", {}, `users.${context?.userName}.act-as`),
    );
  const command = withoutImpersonation(commandWords(question?.command ?? ""));
  const isOfKubernetes = ["kubectl", "helm"].includes(command[0] ?? "");
  return forYou("Run it as yourself, without --as.", ...(isOfKubernetes ? [typed(command)] : []));
}

function grantFix(user: string): Fix {
  return forClusterAdmin(
    `Or grant it by RBAC to ${JSON.stringify(user)}: an impersonated user has no other rights.`,
    kubectl("create clusterrolebinding vouch-view", { clusterrole: "view", user }),
  );
}

/** A command line without `--as VALUE`, `--as=VALUE` and their kind. */
function withoutImpersonation(words: readonly string[]): readonly string[] {
  const isFlag = (word: string | undefined) => /^--as(?:-group|-uid)?$/.test(word ?? "");
  return words.filter(
    (word, index) => !isFlag(word) && !isFlag(words[index - 1]) && !/^--as(?:-group|-uid)?=/.test(word),
  );
}
