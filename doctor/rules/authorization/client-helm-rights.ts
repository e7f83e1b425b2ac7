import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { classifyDenial } from "../../derive/authorization/classified-denial.ts";
import { describeRequest } from "../../derive/authorization/denied-request.ts";
import type { Facts } from "../../derive/facts.ts";
import type { AccessRequest } from "../../evidence/evidence.ts";
import type { Fix } from "../../fixes/fix.ts";
import { policyFix, roleFix, sayPolicy } from "../../fixes/grant-fixes.ts";
import { kubectl } from "../../fixes/kubectl.ts";
import { denialFinding } from "../shared/denial-finding.ts";

const EDIT = "AmazonEKSEditPolicy";

/**
 * Helm keeps each release in a Secret of its namespace, and asks to create the namespace even where it exists.
 *
 * Source: doctor/EKS-ACCESS.md, "Helm".
 */
export const clientHelmRights = defineLegacyRule({
  code: "client-helm-rights",
  stage: "authorization",
  causes: ["T2"],
  expects: "whoever runs helm may keep secrets in the release's namespace, which exists",
  needs: ["authorization", "attempt"],
  judge(facts) {
    const refusal = classifyDenial(facts);
    if (refusal?.causeId !== "T2") return [];
    const { attempt, policies, authorization } = refusal;
    const bound = authorization.bindings?.map(({ binding, role }) => `${role} through ${binding}`) ?? [];
    const isStore = attempt.resource === "secrets";
    return [
      denialFinding(refusal, {
        summary: isStore
          ? `Helm keeps its releases in secrets, and nothing grants to ${describeRequest(attempt)}.`
          : `Helm is to create the namespace, and nothing grants to ${describeRequest(attempt)}.`,
        evidence: [
          `What is granted is ${[...policies.map(sayPolicy), ...bound].join("; ")}.`,
          ...(isStore ? [] : ["No access policy but ClusterAdmin's contains the creation of namespaces."]),
        ],
        fixes: isStore ? storeFixes(facts, attempt) : namespaceFixes(facts, attempt),
        explains: ["P3", "P4", "R7"],
      }),
    ];
  },
});

/** Edit writes secrets and what most charts hold; roles of a chart need more. */
function storeFixes(facts: Facts, attempt: AccessRequest): Fix[] {
  return facts.mapping?.by === "entry"
    ? [policyFix(facts, attempt, EDIT)]
    : [roleFix(facts, attempt), roleFix(facts, { ...attempt, verb: "create" })];
}

function namespaceFixes(facts: Facts, attempt: AccessRequest): Fix[] {
  const namespace = /(?:^|\s)(?:-n|--namespace)[ =](\S+)/.exec(facts.evidence.question?.command ?? "")?.[1];
  const name = namespace ?? facts.context?.namespace ?? "NAMESPACE";
  return [
    {
      audience: "cluster-admin",
      description: "Create the namespace beforehand.",
      actions: [kubectl("create namespace", {}, name)],
    },
    { audience: "you", description: `Then run helm without --create-namespace, with -n ${name}.` },
    roleFix(facts, attempt),
  ];
}
