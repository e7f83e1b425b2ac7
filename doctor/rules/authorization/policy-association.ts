import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import {
  policyName,
  policyRules,
  SERVICE_LINKED_POLICIES,
} from "../../derive/authorization/access-policies.ts";
import type { Facts } from "../../derive/facts.ts";
import { commandWords, flagValue } from "../../derive/kubeconfig/command-words.ts";
import { commandTarget, eksCall } from "../../derive/target/eks-call.ts";
import type { EksTarget } from "../../derive/target/eks-target.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { accessPolicyArn, associatePolicy } from "../../fixes/access-entry-actions.ts";
import { aws } from "../../fixes/aws.ts";
import type { Fix } from "../../fixes/fix.ts";

/**
 * Whose access policies a principal can have: names in the ARN, and the type of the entry.
 * Source: doctor/EKS-ACCESS.md, "Access policies", "Access entries".
 */
export const policyAssociation = defineLegacyRule({
  code: "policy-association",
  stage: "authorization",
  causes: ["P9"],
  expects: "the access policy that is associated exists, is for people, and its entry takes policies",
  needs: ["question"],
  judge(facts) {
    const call = eksCall(facts);
    if (call?.operation !== "AssociateAccessPolicy") return [];
    const command = commandWords(facts.evidence.question?.command ?? "");
    const policyArn = flagValue(command, "--policy-arn") ?? /arn:[\w-]*:eks:[^\s"',]*/.exec(call.words)?.[0];
    const target = commandTarget(facts);
    const reason = policyArn === undefined ? faultInWords(call.words) : faultOf(policyArn, target);
    const type = typeOf(facts, call.principalArn);
    const wrongType = type === undefined || ["STANDARD", "EC2"].includes(type) ? undefined : type;
    if (reason === undefined && wrongType === undefined) return [];
    const finding: LegacyFinding = {
      cause: "P9",
      stage: "authorization",
      severity: "error",
      confidence: "certain",
      summary: reason?.summary ?? `An access entry of type ${wrongType} takes no access policies.`,
      evidence: [
        `The call was to associate ${policyArn ?? "a policy"}.`,
        ...(wrongType === undefined ? [] : [`The entry's type is ${wrongType}.`]),
        `It failed: ${call.words}`,
      ],
      falsifiedBy: sentence`${aws("eks list-access-policies")} lists the ARN exactly as it was given.`,
      fixes: fixes(facts, reason?.instead, call.principalArn),
    };
    return [finding];
  },
});

interface Fault {
  readonly summary: string;
  /** The policy that was probably meant. */
  readonly instead: string | undefined;
}

/** Where only EKS's answer is known. */
function faultInWords(words: string): Fault | undefined {
  if (!/only be associated with service-linked roles/i.test(words)) return undefined;
  return { summary: "AWS keeps this policy for its own service-linked roles.", instead: undefined };
}

function faultOf(policyArn: string, target: EksTarget): Fault | undefined {
  const name = policyName(policyArn);
  if (SERVICE_LINKED_POLICIES.includes(name)) {
    return { summary: `AWS keeps ${name} for its own service-linked roles.`, instead: undefined };
  }
  const isPlaceUnknown =
    target.region === "REGION" && /^arn:[a-z-]+:eks::aws:cluster-access-policy\//.test(policyArn);
  const right = accessPolicyArn(target, name);
  if (policyArn === right || isPlaceUnknown) return undefined;
  if (policyRules(name) === undefined && !/:cluster-access-policy\//.test(policyArn)) {
    return { summary: `${policyArn} is not the ARN of an access policy of EKS.`, instead: undefined };
  }
  return { summary: `The policy's ARN is ${right}, not ${policyArn}.`, instead: name };
}

function typeOf({ evidence, mapping }: Facts, principalArn: string | undefined): string | undefined {
  const found = knownValue(evidence.accessEntryDetails)?.find(
    ({ accessEntry }) => accessEntry.principalArn === principalArn,
  );
  return found?.accessEntry.type ?? (principalArn === undefined ? mapping?.entry?.type : undefined);
}

function fixes(facts: Facts, instead: string | undefined, principalArn = "PRINCIPAL_ARN"): Fix[] {
  const target = commandTarget(facts);
  const command = commandWords(facts.evidence.question?.command ?? "");
  const [, type = "cluster", list] =
    /^type=(\w+)(?:,namespaces=(.+))?$/.exec(flagValue(command, "--access-scope") ?? "") ?? [];
  const accessScope = list === undefined ? { type } : { type, namespaces: list.split(",") };
  const policyArn = accessPolicyArn(target, instead ?? "AmazonEKSViewPolicy");
  return [
    {
      audience: "cluster-admin",
      description:
        instead === undefined
          ? "Choose a policy for people from the list."
          : "Associate it by its right ARN.",
      actions: [
        ...(instead === undefined ? [aws("eks list-access-policies", { region: target.region })] : []),
        associatePolicy(target, principalArn, { policyArn, accessScope }),
      ],
    },
  ];
}
