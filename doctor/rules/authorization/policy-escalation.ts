import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import { policyName } from "../../derive/authorization/access-policies.ts";
import { associatedWith } from "../../derive/authorization/authorization.ts";
import type { Facts } from "../../derive/facts.ts";
import { isOtherPrincipal } from "../../derive/failure/pre-auth-severity.ts";
import type { Fix } from "../../fixes/fix.ts";
import { policyFix } from "../../fixes/grant-fixes.ts";
import { groupFix, groupsToBind } from "../../fixes/group-fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";
import { createBinding } from "../../fixes/rbac-actions.ts";

/**
 * Kubernetes lets nobody hand out rights by a role or binding that RBAC does not give to themselves; rights from access
 * policies do not count there.
 *
 * Source: doctor/EKS-ACCESS.md, "RBAC".
 */
export const policyEscalation = defineLegacyRule({
  code: "policy-escalation",
  stage: "authorization",
  causes: ["P6"],
  expects: "whoever creates roles and bindings holds their rights by RBAC",
  needs: ["symptom"],
  judge(facts) {
    const { symptom, mapping } = facts;
    if (symptom.kind !== "forbidden" || !symptom.escalation || isOtherPrincipal(facts)) return [];
    const [, object] = /(?<!\S)(\S+\.rbac\.authorization\.k8s\.io "[^"]*")/.exec(symptom.text) ?? [];
    const policies = policyNames(facts);
    const scope = isClusterWide(facts) ? undefined : namespaceOf(facts);
    const finding: LegacyFinding = {
      cause: "P6",
      stage: "authorization",
      severity: "error",
      confidence: "certain",
      summary: `${object ?? "The role or binding"} would hand out rights that ${JSON.stringify(symptom.user)} does not hold by RBAC.`,
      evidence: [
        'The refusal says "is attempting to grant RBAC permissions not currently held".',
        policies.length > 0
          ? `Associated are ${policies.join(", ")}; this check does not see access policies.`
          : "This check looks at RBAC alone, not at access policies.",
        ...missingRights(symptom.text),
      ],
      falsifiedBy: sentence`${kubectl("auth can-i", { list: true, n: scope })}, which lists RBAC only, shows these rights.`,
      fixes: mapping?.by === "entry" ? [...bindFixes(facts), clusterAdminFix(facts)] : bindFixes(facts),
      explains: ["R7"],
    };
    return [finding];
  },
});

function policyNames({ evidence, mapping }: Facts): string[] {
  if (mapping?.by !== "entry" || mapping.entry === undefined) return [];
  return (associatedWith(evidence, mapping.entry) ?? []).map(({ policyArn }) => policyName(policyArn));
}

/** The lines of the refusal that name what is not held. */
function missingRights(text: string): string[] {
  const rights = text.match(/\{(?:APIGroups|NonResourceURLs):[^{}]*\}/g) ?? [];
  return rights.length === 0 ? [] : [`Not held: ${rights.join(" ")}.`];
}

function namespaceOf({ attempt, context }: Facts): string | undefined {
  return attempt?.namespace ?? context?.namespace;
}

/** A ClusterRole or its binding reaches everywhere. */
function isClusterWide({ symptom }: Facts): boolean {
  return symptom?.kind === "forbidden" && /\bcluster(?:role|rolebinding)s\.rbac/.test(symptom.text);
}

/** `admin` in the namespace, by a binding. Source: doctor/EKS-ACCESS.md, "RBAC". */
function bindFixes(facts: Facts): Fix[] {
  const isWide = isClusterWide(facts);
  const namespace = isWide ? undefined : (namespaceOf(facts) ?? "NAMESPACE");
  const role = isWide ? "cluster-admin" : "admin";
  const { group, isNew } = groupsToBind(facts, `vouch-${role}`);
  return [
    {
      audience: "cluster-admin",
      description: `Give the caller ClusterRole ${role} by RBAC, ${isWide ? "on the whole cluster" : `in namespace ${namespace}`}, through the group ${group}.`,
      actions: [
        createBinding({
          name: `vouch-${role}`,
          role: { kind: "ClusterRole", name: role },
          subject: { kind: "Group", name: group },
          namespace,
        }),
      ],
    },
    ...(isNew ? [groupFix(facts, [group])] : []),
  ];
}

/** The questions "may bind" and "may escalate" go to every authorizer, and this policy says yes to all. */
function clusterAdminFix(facts: Facts): Fix {
  const namespace = namespaceOf(facts) ?? "NAMESPACE";
  const fix = policyFix(facts, isClusterWide(facts) ? {} : { namespace }, "AmazonEKSClusterAdminPolicy");
  return { ...fix, description: sentence`Or everything: ${fix.description}` };
}
