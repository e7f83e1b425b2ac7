import { policyMend, roleMend, sayPolicy } from "../eks/grant-mends.ts";
import { sayAttempt } from "../eks/refusal.ts";
import { refusalFinding } from "../eks/refusal-finding.ts";
import { refusalRow } from "../eks/refusal-row.ts";
import type { Attempt } from "../evidence.ts";
import type { Facts } from "../facts/facts.ts";
import { defineRule, type Mend } from "../rule.ts";

const EDIT = "AmazonEKSEditPolicy";

/**
 * Helm keeps each release in a Secret of its namespace, and asks to create the namespace even where it exists.
 *
 * Source: peers, section 7; eks-auth, T2.
 */
export const clientHelmRights = defineRule({
  code: "client-helm-rights",
  causes: ["T2"],
  expects: "whoever runs helm may keep secrets in the release's namespace, which exists",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = refusalRow(facts);
    if (refusal?.row !== "T2") return [];
    const { attempt, policies, authorization } = refusal;
    const bound = authorization.bindings?.map(({ binding, role }) => `${role} through ${binding}`) ?? [];
    const isStore = attempt.resource === "secrets";
    return [
      refusalFinding(refusal, {
        summary: isStore
          ? `Helm keeps its releases in secrets, and nothing grants to ${sayAttempt(attempt)}.`
          : `Helm is to create the namespace, and nothing grants to ${sayAttempt(attempt)}.`,
        evidence: [
          `What is granted is ${[...policies.map(sayPolicy), ...bound].join("; ")}.`,
          ...(isStore ? [] : ["No access policy but ClusterAdmin's contains the creation of namespaces."]),
        ],
        mends: isStore ? storeMends(facts, attempt) : namespaceMends(facts, attempt),
        explains: ["P3", "P4", "R7"],
      }),
    ];
  },
});

/** Edit writes secrets and what most charts hold; roles of a chart need more. */
function storeMends(facts: Facts, attempt: Attempt): Mend[] {
  return facts.mapping?.by === "entry"
    ? [policyMend(facts, attempt, EDIT)]
    : [roleMend(facts, attempt), roleMend(facts, { ...attempt, verb: "create" })];
}

function namespaceMends(facts: Facts, attempt: Attempt): Mend[] {
  const namespace = /(?:^|\s)(?:-n|--namespace)[ =](\S+)/.exec(facts.evidence.question?.command ?? "")?.[1];
  const name = namespace ?? facts.context?.namespace ?? "NAMESPACE";
  return [
    {
      by: "an administrator of the cluster",
      does: "Create the namespace beforehand.",
      commands: [["kubectl", "create", "namespace", name]],
    },
    { by: "you", does: `Then run helm without --create-namespace, with -n ${name}.` },
    roleMend(facts, attempt),
  ];
}
