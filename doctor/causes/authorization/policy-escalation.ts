import { kubectl } from "../../../token/command/kubectl.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { doesNotApply, found } from "../../check/verdict.ts";
import { policyName } from "../../derive/authorization/access-policies.ts";
import { associatedWith } from "../../derive/authorization/authorization.ts";
import { namespaceOfCommand } from "../../derive/authorization/namespace-meant.ts";
import type { Facts } from "../../derive/facts.ts";
import { callerAlone } from "../../fixes/caller-alone.ts";
import { type CreateBinding, type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { policyFix } from "../../fixes/grant-fixes.ts";
import { groupFix, subjectToBind } from "../../fixes/group-fix.ts";
import { createBinding, createNamespace, freeBindingName } from "../../fixes/rbac-actions.ts";
import { sayOthersIn } from "../../fixes/shared-group.ts";

/**
 * Nobody may create a role or binding with rights that they do not have themselves by RBAC; rights from access policies do not
 * count there.
 *
 * Source: doctor/EKS-ACCESS.md, "RBAC".
 */
export const policyEscalation = defineRule({
  causes: [
    {
      id: "P6",
      what: "The caller grants rights that come only from a policy, which RBAC does not count.",
      seen: "attempting to grant RBAC permissions not currently held",
    },
  ],
  expects: "whoever creates roles and bindings has the rights in them by RBAC",
  needs: ["symptom"],
  check({ symptom }, seen) {
    if (symptom.kind !== "forbidden" || !symptom.escalation)
      return doesNotApply("no role or binding was denied as an escalation");
    if (seen.isOtherPrincipal) return doesNotApply("the question is about somebody other than the caller");
    const { text, user } = symptom;
    return found({
      confidence: "certain",
      explains: ["R7"],
      describe: (facts) => describe(facts, { text, user }),
    });
  },
});

function describe(facts: Facts, { text, user }: { readonly text: string; readonly user: string }) {
  const [, object] = /(?<!\S)(\S+\.rbac\.authorization\.k8s\.io "[^"]*")/.exec(text) ?? [];
  const isClusterWide = /\bcluster(?:role|rolebinding)s\.rbac/.test(text);
  const namespace = isClusterWide ? undefined : (facts.attempt?.namespace ?? namespaceOfCommand(facts));
  const reach = isClusterWide ? undefined : (namespace ?? "NAMESPACE");
  // To associate a policy replaces the scope that it has, so never with a placeholder.
  const isReachKnown = isClusterWide || namespace !== undefined;
  const policies = policyNames(facts);
  const bind = bindFixes(facts, reach);
  return {
    summary: `${object ?? "The role or binding"} would grant rights that ${JSON.stringify(user)} does not have by RBAC.`,
    evidence: [
      'The API server says "is attempting to grant RBAC permissions not currently held".',
      policies.length > 0
        ? `Associated: ${policies.join(", ")}; this check does not see access policies.`
        : "This check looks at RBAC alone, not at access policies.",
      ...missingRights(text),
    ],
    falsifiedBy: sentence`${kubectl("auth can-i", { list: true, n: namespace })}, which lists RBAC only, shows these rights.`,
    fixes: facts.mapping?.by === "entry" && isReachKnown ? [...bind, clusterAdminFix(facts, reach)] : bind,
  };
}

function policyNames({ evidence, mapping }: Facts): string[] {
  if (mapping?.by !== "entry" || mapping.entry === undefined) return [];
  return (associatedWith(evidence, mapping.entry) ?? []).map(({ policyArn }) => policyName(policyArn));
}

/** The parts of the message that name the missing rights. */
function missingRights(text: string): string[] {
  const rights = text.match(/\{(?:APIGroups|NonResourceURLs):[^{}]*\}/g) ?? [];
  return rights.length === 0 ? [] : [`Not held: ${rights.join(" ")}.`];
}

/** `admin` in the namespace, by a binding. Source: doctor/EKS-ACCESS.md, "RBAC". */
function bindFixes(facts: Facts, namespace: string | undefined): Fix[] {
  const role = namespace === undefined ? "cluster-admin" : "admin";
  const { subject: through, isNew } = subjectToBind(facts, `vouch-${role}`);
  const how = `ClusterRole ${role} by RBAC, ${namespace === undefined ? "on the whole cluster" : `in namespace ${namespace}`}`;
  const bind = (description: string, subject: CreateBinding["subject"]) =>
    forClusterAdmin(
      description,
      ...createNamespace(facts.evidence, namespace),
      createBinding({
        name: freeBindingName(facts.evidence, `vouch-${role}`, namespace),
        role: { kind: "ClusterRole", name: role },
        subject,
        namespace,
      }),
    );
  const group = through.name;
  if (through.kind !== "Group") return [bind(`Give the caller ${how}.`, through)];
  if (isNew)
    return [bind(`Give the caller ${how}, through the group ${group}.`, through), groupFix(facts, [group])];
  const alone = callerAlone(facts);
  return [
    ...(alone === undefined ? [] : [bind(`Give the caller alone ${how}.`, alone.subject), ...alone.puts]),
    bind(
      `${alone === undefined ? "Give" : "Or give"} the group ${group} ${how}; ${sayOthersIn(facts, group)}.`,
      through,
    ),
  ];
}

/** The checks for "bind" and "escalate" go to every authorizer, and this policy allows both. */
function clusterAdminFix(facts: Facts, namespace: string | undefined): Fix {
  const scope = namespace === undefined ? {} : { namespace };
  const fix = policyFix(facts, scope, "AmazonEKSClusterAdminPolicy");
  return { ...fix, description: sentence`Or everything: ${fix.description}` };
}
