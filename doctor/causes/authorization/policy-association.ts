import { aws } from "../../../token/command/aws.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { doesNotApply, found, passed } from "../../check/verdict.ts";
import {
  policyName,
  policyRules,
  SERVICE_LINKED_POLICIES,
} from "../../derive/authorization/access-policies.ts";
import type { Facts } from "../../derive/facts.ts";
import { commandWords, flagValue } from "../../derive/kubeconfig/command-words.ts";
import type { EksTarget } from "../../derive/target/eks-target.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { accessPolicyArn, associatePolicy } from "../../fixes/access-entry-actions.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";

/**
 * Which access policies a principal can have: the name in the ARN, and the type of the entry.
 * Source: doctor/EKS-ACCESS.md, "Access policies", "Access entries".
 */
export const policyAssociation = defineRule({
  causes: [
    {
      id: "P9",
      what: "The policy cannot be associated: wrong ARN, a policy for AWS itself, or an entry that is not STANDARD.",
      seen: "associate-access-policy fails",
    },
  ],
  expects: "an associated access policy exists and is for people, and the type of its entry takes policies",
  needs: ["eksCall"],
  check({ eksCall: { operation, words, principalArn } }, seen) {
    if (operation !== "AssociateAccessPolicy")
      return doesNotApply("the call that failed associates no policy");
    const command = commandWords(seen.question?.command ?? "");
    const policyArn = flagValue(command, "--policy-arn") ?? /arn:[\w-]*:eks:[^\s"',]*/.exec(words)?.[0];
    const fault =
      (policyArn === undefined ? faultInWords(words) : faultInArn(policyArn, seen)) ??
      faultOfType(seen, principalArn);
    if (fault === undefined) return passed;
    return found({
      confidence: "certain",
      describe: ({ target }) => ({
        summary: fault.summary,
        evidence: [`The call associates ${policyArn ?? "a policy"}.`, `It failed: ${words}`],
        falsifiedBy: sentence`${aws("eks list-access-policies")} lists the ARN exactly as it was given.`,
        fixes: [fixOf(fault, { target, command, principalArn })],
      }),
    });
  },
});

interface Fault {
  readonly summary: string;
  /** The policy that was probably intended. */
  readonly instead?: string;
}

/** For when only EKS's answer is known. */
function faultInWords(words: string): Fault | undefined {
  if (/policyArn is invalid/i.test(words))
    return { summary: "The ARN of the policy is not that of an EKS access policy in this partition." };
  if (!/only be associated with service-linked roles/i.test(words)) return undefined;
  return { summary: "AWS keeps this policy for its own service-linked roles." };
}

function faultInArn(policyArn: string, seen: Facts): Fault | undefined {
  const name = policyName(policyArn);
  if (SERVICE_LINKED_POLICIES.includes(name))
    return { summary: `AWS keeps ${name} for its own service-linked roles.` };
  const { target } = seen;
  const isPartitionUnknown =
    target.region === "REGION" && /^arn:[a-z-]+:eks::aws:cluster-access-policy\//.test(policyArn);
  const right = accessPolicyArn(target, name);
  if (policyArn === right || isPartitionUnknown) return undefined;
  if (policyRules(name) === undefined && !/:cluster-access-policy\//.test(policyArn))
    return { summary: `${policyArn} is not the ARN of an EKS access policy.` };
  return { summary: `The policy's ARN is ${right}, not ${policyArn}.`, instead: name };
}

function faultOfType(seen: Facts, principalArn: string | undefined): Fault | undefined {
  const details = knownValue(seen.evidence.accessEntryDetails)?.find(
    ({ accessEntry }) => accessEntry.principalArn === principalArn,
  );
  const own = principalArn === undefined ? seen.mapping?.entry : undefined;
  const { type } = details?.accessEntry ?? own ?? {};
  return type === undefined || ["STANDARD", "EC2"].includes(type)
    ? undefined
    : { summary: `An access entry of type ${type} cannot have access policies.` };
}

interface Call {
  readonly target: EksTarget;
  readonly command: readonly string[];
  readonly principalArn: string | undefined;
}

function fixOf({ instead }: Fault, { target, command, principalArn = "PRINCIPAL_ARN" }: Call): Fix {
  const [, type = "cluster", list] =
    /^type=(\w+)(?:,namespaces=(.+))?$/.exec(flagValue(command, "--access-scope") ?? "") ?? [];
  const accessScope = list === undefined ? { type } : { type, namespaces: list.split(",") };
  const policyArn = accessPolicyArn(target, instead ?? "AmazonEKSViewPolicy");
  const associate = associatePolicy(target, principalArn, { policyArn, accessScope });
  return instead === undefined
    ? forClusterAdmin(
        "Choose a policy for people from the list.",
        aws("eks list-access-policies", { region: target.region }),
        associate,
      )
    : forClusterAdmin("Associate it by its correct ARN.", associate);
}
