import { typed } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { reviewOf } from "../../derive/authorization/access-reviews.ts";
import { describeRequest } from "../../derive/authorization/denied-request.ts";
import { type Impersonation, impersonationOf } from "../../derive/authorization/impersonation.ts";
import type { Facts } from "../../derive/facts.ts";
import { isOtherPrincipal } from "../../derive/failure/pre-auth-severity.ts";
import { commandWords } from "../../derive/kubeconfig/command-words.ts";
import { canI } from "../../fixes/can-i.ts";
import type { Fix } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/**
 * Access policies belong to the principal: who is put on with `--as` has none.
 * Source: doctor/EKS-ACCESS.md, "Access policies".
 */
export const policyImpersonation = defineLegacyRule({
  code: "policy-impersonation",
  stage: "authorization",
  causes: ["P7"],
  expects: "nothing that access policies grant is asked for as somebody else",
  needs: ["symptom"],
  judge(facts) {
    const { symptom, attempt } = facts;
    const worn = impersonationOf(facts);
    if (symptom.kind !== "forbidden" || worn === undefined || isOtherPrincipal(facts)) return [];
    const isWorn = worn.user === undefined || worn.user === symptom.user;
    const isBarred = /\bimpersonate/.test(attempt?.verb ?? "");
    if (!isWorn && !isBarred) return [];
    const isAllowed = attempt !== undefined && reviewOf(attempt, facts.evidence) === true;
    return [
      {
        cause: "P7",
        stage: "authorization",
        severity: "error",
        confidence: isAllowed && isWorn ? "certain" : "likely",
        summary: isBarred
          ? `The caller may not act as ${worn.user ?? "somebody else"}: ${worn.said}.`
          : `The call was made as ${JSON.stringify(symptom.user)}, and access policies do not count for whom one acts as.`,
        evidence: [
          `The refusal names ${JSON.stringify(symptom.user)}, and there is ${worn.said}.`,
          ...(isAllowed
            ? [`As themselves the caller may ${describeRequest(attempt)}, says a SelfSubjectAccessReview.`]
            : []),
        ],
        falsifiedBy:
          attempt === undefined
            ? "The same command without it fails as well."
            : sentence`${canI(attempt)}, without it, says no.`,
        fixes: fixes(facts, worn),
        explains: ["R7"],
      },
    ];
  },
});

function fixes({ evidence, context, symptom }: Facts, { user, said }: Impersonation): Fix[] {
  const command = withoutImpersonation(commandWords(evidence.question?.command ?? ""));
  const isOfKubernetes = ["kubectl", "helm"].includes(command[0] ?? "");
  const isFlag = said.endsWith("in the command");
  const name = user ?? (symptom?.kind === "forbidden" ? symptom.user : "USER");
  return [
    isFlag
      ? {
          audience: "you",
          description: "Run it as yourself, without --as.",
          ...(isOfKubernetes ? { actions: [typed(command)] } : {}),
        }
      : {
          audience: "you",
          description: `Take "as" out of the kubeconfig user ${context?.userName}.`,
          actions: [kubectl("config unset", {}, `users.${context?.userName}.act-as`)],
        },
    {
      audience: "cluster-admin",
      description: `Or grant it by RBAC to ${JSON.stringify(name)}: whom one acts as has only that.`,
      actions: [kubectl("create clusterrolebinding vouch-view", { clusterrole: "view", user: name })],
    },
  ];
}

/** A command line without `--as VALUE`, `--as=VALUE` and their kind. */
function withoutImpersonation(words: readonly string[]): readonly string[] {
  const isFlag = (word: string | undefined) => /^--as(?:-group|-uid)?$/.test(word ?? "");
  return words.filter(
    (word, index) => !isFlag(word) && !isFlag(words[index - 1]) && !/^--as(?:-group|-uid)?=/.test(word),
  );
}
