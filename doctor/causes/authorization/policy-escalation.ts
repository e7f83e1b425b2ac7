import { kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found } from "../../check/rule.ts";
import { namespaceOfCommand } from "../../derive/authorization/attempt-of-command.ts";
import { associatedWith } from "../../derive/authorization/authorization.ts";
import type { Facts } from "../../derive/facts.ts";
import { policyName } from "../../eks/rbac/access-policies.ts";
import { smallestBuiltInRole } from "../../eks/rbac/built-in-roles.ts";
import type { AccessRequest } from "../../evidence/evidence.ts";
import { anotherWay, type CreateBinding, type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { roleFixes } from "../../fixes/grant-fixes.ts";
import { callerAlone, describeOthersIn, groupFix, subjectToBind } from "../../fixes/group-fix.ts";
import { createBinding, createNamespace, freeBindingName } from "../../fixes/rbac-actions.ts";

/**
 * No one can create a role or binding with permissions that they do not have themselves through RBAC; permissions from access
 * policies do not count there.
 *
 * Source: doctor/EKS-ACCESS.md, "RBAC".
 */
export const policyEscalation = defineRule({
  cause: {
    id: "P6",
    what: "The caller tries to grant permissions that it has only through an access policy, which RBAC does not count.",
    seen: "attempting to grant RBAC permissions not currently held",
    remedy:
      "Cluster admin: use RBAC to grant the caller the permissions that it grants to others; access policies do not count there.",
    page: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping",
  },
  expects: "users who create roles and bindings have the permissions in them through RBAC",
  needs: ["symptom"],
  check({ symptom }, seen) {
    if (symptom.kind !== "forbidden" || !symptom.escalation)
      return doesNotApply("no role or binding was denied as an escalation");
    if (seen.isOtherPrincipal) return doesNotApply("the question is not about the caller");
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
  const policies = policyNames(facts);
  const missing = missingRights(text);
  return {
    summary: `${object ?? "The role or binding"} would grant permissions that ${JSON.stringify(user)} does not have through RBAC.`,
    evidence: [
      'The API server reports "is attempting to grant RBAC permissions not currently held".',
      policies.length > 0
        ? `Associated: ${policies.join(", ")}; this check ignores access policies.`
        : "This check uses only RBAC and ignores access policies.",
      ...(missing.length === 0 ? [] : [`Not held: ${missing.join(" ")}.`]),
    ],
    falsifiedBy: sentence`${kubectl("auth can-i", { list: true, n: namespace })}, which covers only RBAC, lists these permissions.`,
    fixes:
      reach === undefined || !isWithinAdmin(missing)
        ? clusterWideFixes(facts, missing)
        : bindFixes(facts, reach),
  };
}

function policyNames({ evidence, mapping }: Facts): string[] {
  if (mapping?.by !== "entry" || mapping.entry === undefined) return [];
  return (associatedWith(evidence, mapping.entry) ?? []).map(({ policyArn }) => policyName(policyArn));
}

/** The parts of the message that list the missing permissions. */
function missingRights(text: string): string[] {
  return text.match(/\{(?:APIGroups|NonResourceURLs):[^{}]*\}/g) ?? [];
}

/**
 * A few permissions are enough for most roles and bindings; with a wildcard among them, the caller would become a cluster admin.
 */
function clusterWideFixes(facts: Facts, missing: readonly string[]): Fix[] {
  // The command that was tried is never printed as a fix: in a case, somebody else chose its words.
  const byAdmin = forClusterAdmin(
    "Run the refused command as a cluster admin, who has these permissions through RBAC. Read it first.",
  );
  const [first, ...others] = missing.flatMap(requestsIn);
  const isFew = first !== undefined && others.length < 20 && !missing.some((right) => right.includes('"*"'));
  return isFew ? [byAdmin, ...anotherWay(roleFixes(facts, first, ...others))] : [byAdmin];
}

/** Whether ClusterRole `admin` has these permissions: binding it to the caller is then enough. */
function isWithinAdmin(missing: readonly string[]): boolean {
  return (
    !missing.some((right) => right.includes('"*"') || right.includes("NonResourceURLs")) &&
    missing.flatMap(requestsIn).every((request) => smallestBuiltInRole(request) !== undefined)
  );
}

/** The permissions in `{APIGroups:["apps"], Resources:["deployments"], Verbs:["get" "list"]}`. */
function requestsIn(right: string): AccessRequest[] {
  const listed = (key: string) => {
    const [, list = ""] = right.split(`${key}:[`);
    const [inside = ""] = list.split("]");
    return inside.split('"').filter((_, index) => index % 2 === 1);
  };
  return listed("APIGroups").flatMap((group) =>
    listed("Resources").flatMap((full) =>
      listed("Verbs").map((verb) => {
        const [resource = "", subresource] = full.split("/");
        return { verb, group, resource, ...(subresource !== undefined && { subresource }) };
      }),
    ),
  );
}

/** `admin` in the namespace, by a binding. Source: doctor/EKS-ACCESS.md, "RBAC". */
function bindFixes(facts: Facts, namespace: string): Fix[] {
  const role = "admin";
  const { subject: through, isNew } = subjectToBind(facts, `vouch-${role}`);
  const bound = `ClusterRole ${role} in namespace ${namespace}`;
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
  if (through.kind !== "Group") return [bind(`Bind ${bound} to the caller.`, through)];
  if (isNew)
    return [bind(`Bind ${bound} to group ${group}, for the caller.`, through), groupFix(facts, [group])];
  const alone = callerAlone(facts);
  return [
    ...(alone === undefined
      ? []
      : [bind(`Bind ${bound} to the caller alone.`, alone.subject), ...alone.puts]),
    bind(
      `${alone === undefined ? "Bind" : "Or bind"} ${bound} to group ${group}; ${describeOthersIn(facts, group)}.`,
      through,
    ),
  ];
}
