import { type Sentence, sentence } from "../../../token/command/sentence.ts";
import type { CauseId } from "../../check/cause-ids.ts";
import {
  type Cause,
  type Description,
  defineRule,
  doesNotApply,
  found,
  type RuleDefinition,
} from "../../check/rule.ts";
import {
  type ClassifiedDenial,
  type DenialCause,
  type DeniedRequest,
  describeRequest,
} from "../../derive/authorization/denial.ts";
import { type Confidence, minConfidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import type { BindingNearMiss } from "../../eks/rbac/binding-near-misses.ts";
import type { BindingVerdict } from "../../eks/rbac/rbac.ts";
import type { AccessRequest } from "../../evidence/evidence.ts";
import { bindingFixes } from "../../fixes/binding-fixes.ts";
import type { Fix } from "../../fixes/fix.ts";
import { formatPolicy, grantFixes } from "../../fixes/grant-fixes.ts";
import { canI } from "../../fixes/rbac-actions.ts";

interface DenialDescription {
  readonly summary: string;
  /** What shows the reason, besides the denial itself. */
  readonly evidence?: Description["evidence"];
  /** Default: `kubectl auth can-i` prints yes. */
  readonly falsifiedBy?: Sentence;
  /** Default: the smallest grant. */
  readonly fixes?: readonly Fix[];
}

/** A rule that explains denied requests of one kind, to an identity that the cluster accepts. */
interface DenialRule<S = ClassifiedDenial> extends Pick<RuleDefinition, "expects" | "suspected"> {
  readonly cause: (Cause & { readonly id: DenialCause }) | DenialCause;
  /** The highest confidence for this cause. Default: *certain*. */
  readonly confidence?: (denial: ClassifiedDenial, subject: S) => Confidence;
  readonly explains?: readonly CauseId[];
  readonly describe: (denial: ClassifiedDenial, facts: Facts, subject: S) => DenialDescription;
}

export function defineDenialRule(rule: DenialRule): RuleDefinition {
  return defineDenialRuleOn((denial) => denial, rule);
}

/** A denial rule about one thing in the denial, such as the binding at fault. */
export function defineDenialRuleOn<S>(
  subjectOf: (denial: ClassifiedDenial) => S | undefined,
  { cause, confidence, explains, describe, ...rule }: DenialRule<S>,
): RuleDefinition {
  const id = typeof cause === "string" ? cause : cause.id;
  return defineRule({
    ...rule,
    cause,
    needs: ["denial"],
    check({ denial }) {
      const subject = denial.causeId === id ? subjectOf(denial) : undefined;
      if (subject === undefined)
        return doesNotApply(`the request is denied for a different reason (${denial.causeId})`);
      return found({
        confidence: minConfidence(denial.confidence, confidence?.(denial, subject) ?? "certain"),
        explains,
        describe: (facts) => describeDenial(denial, facts, describe(denial, facts, subject)),
      });
    },
  });
}

/** A denial rule for faults of access policies. */
export function definePolicyRule({ describe, ...rule }: DenialRule): RuleDefinition {
  return defineDenialRule({
    ...rule,
    describe: (denial, facts, subject) => {
      const { evidence = [], ...rest } = describe(denial, facts, subject);
      return {
        ...rest,
        evidence: [
          `Associated access policies: ${denial.policies.map(formatPolicy).join("; ")}.`,
          ...evidence,
        ],
      };
    },
  });
}

interface NearMissRule extends Omit<DenialRule<BindingNearMiss>, "describe" | "explains"> {
  readonly describe: (
    nearMiss: BindingNearMiss,
    denial: ClassifiedDenial,
  ) => Pick<DenialDescription, "summary" | "evidence">;
}

/** A denial rule for a binding that would grant the request with a differently written subject. */
export function defineNearMissRule({ describe, ...rule }: NearMissRule): RuleDefinition {
  return defineDenialRuleOn(({ authorization }) => authorization.nearMiss, {
    ...rule,
    explains: ["E5", "R1", "R7"],
    describe: (denial, facts, nearMiss) => {
      const { summary, evidence = [] } = describe(nearMiss, denial);
      return {
        summary,
        evidence: [describeBinding(nearMiss.verdict), ...evidence],
        fixes: bindingFixes(facts, denial),
      };
    },
  });
}

/** `ClusterRoleBinding devs grants ClusterRole view to Group devs.` */
export function describeBinding({ binding, role, subject }: BindingVerdict): string {
  return `${binding} grants ${role} to ${subject}.`;
}

/** What the caller is granted, none of which includes the request. */
export function describeGranted({
  authorization: { bindings = [], policies = [] },
}: ClassifiedDenial): string {
  const bound = bindings.filter(({ lacks }) => lacks === "rule");
  const roles = bound.map(({ binding, role }) => `${role} through ${binding}`);
  return `Granted: ${[...roles, ...policies.map(formatPolicy)].join("; ") || "nothing"}.`;
}

/** What all findings about denied requests have in common. */
export function describeDenial(
  { attempt, authorization, statement }: DeniedRequest,
  facts: Facts,
  { summary, evidence = [], falsifiedBy, fixes }: DenialDescription,
): Description {
  return {
    summary,
    evidence: [statement, ...describeUser(facts, authorization), ...evidence],
    falsifiedBy: falsifiedBy ?? sentence`${canI(attempt)} prints yes.`,
    fixes: fixes ?? grantFixes(facts, attempt),
  };
}

/** The caller's Kubernetes user; for another principal, the user that it is mapped to. */
function describeUser(
  { isOtherPrincipal, principal }: Facts,
  { username, groups }: DeniedRequest["authorization"],
): string[] {
  if (username === undefined) return [];
  const known = `user ${JSON.stringify(username)}${groups === undefined ? "" : inGroups(groups)}`;
  return [
    isOtherPrincipal
      ? `The question is about ${principal?.arn}, which is mapped to ${known}.`
      : `The cluster identifies the caller as ${known}.`,
  ];
}

function inGroups(groups: readonly string[]): string {
  return groups.length === 0 ? "" : ` in ${groups.length === 1 ? "group" : "groups"} ${groups.join(", ")}`;
}

/** The most namespaces listed by name. */
const LISTED = 3;

/** `You can list pods in default, web but not in payments.` */
export function describeReach(
  who: string,
  { name: _name, ...attempt }: AccessRequest,
  allowed: readonly string[],
): string {
  const action = describeRequest({ ...attempt, namespace: "HERE" }).replace(/ in namespace HERE$/, "");
  const where = allowed.length > LISTED ? `${allowed.length} other namespaces` : allowed.join(", ");
  return `${who} can ${action} in ${where} but not in ${attempt.namespace}.`;
}
