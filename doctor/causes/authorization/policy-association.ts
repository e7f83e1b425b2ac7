import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Description, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { commandWords, flagValue } from "../../derive/kubeconfig/command-words.ts";
import type { EksTarget } from "../../derive/target/target-cluster.ts";
import { entryArns } from "../../eks/mapping/access-entry.ts";
import { isSamePrincipal } from "../../eks/principal/principal.ts";
import { policyName, policyRules, SERVICE_LINKED_POLICIES } from "../../eks/rbac/access-policies.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { accessPolicyArn, associatePolicy, createEntry } from "../../fixes/access-entry-actions.ts";
import { type AccessScope, type Fix, forClusterAdmin } from "../../fixes/fix.ts";

/**
 * Which access policies a principal can have: the name in the ARN, and the type of the entry.
 * Source: doctor/EKS-ACCESS.md, "Access policies", "Access entries".
 */
export const policyAssociation = defineRule({
  cause: {
    id: "P9",
    what: "The policy cannot be associated: its ARN is wrong, it is reserved for AWS, or the access entry is missing or for nodes.",
    seen: "associate-access-policy fails",
    remedy: "Cluster admin: associate the policy by its correct ARN, with an access entry of type STANDARD.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html",
  },
  expects:
    "the associated access policy exists and is for users, and the principal has an access entry that accepts policies",
  needs: ["eksCall"],
  check({ eksCall: { operation, words, principalArn } }, seen) {
    if (operation !== "AssociateAccessPolicy")
      return doesNotApply("the failed call does not associate a policy");
    const command = commandWords(seen.question?.command ?? "");
    const policyArn = flagValue(command, "--policy-arn") ?? /arn:[\w-]*:eks:[^\s"',)]*/.exec(words)?.[0];
    if (NO_ENTRY.test(words)) {
      const call = { command, policyArn, principalArn };
      return found({ confidence: "certain", describe: (facts) => withoutEntry(facts, call) });
    }
    const fault =
      (policyArn === undefined ? faultInWords(words) : faultInArn(policyArn, seen)) ??
      faultOfType(seen, principalArn);
    if (fault === undefined) return passed;
    return found({
      confidence: "certain",
      describe: ({ target }) => ({
        summary: fault.summary,
        evidence: [`The call associates ${policyArn ?? "a policy"}.`, `The call failed: ${words}`],
        falsifiedBy: sentence`${aws("eks list-access-policies")} lists exactly this policy ARN.`,
        fixes: [fixOf(fault, { target, command, policyArn, principalArn })],
      }),
    });
  },
});

/** Source: doctor/EKS-ACCESS.md, "Access policies". */
const NO_ENTRY = /The specified principalArn could not be found/i;

/** The access entry does not exist yet, or it has the ARN with a different path. */
function withoutEntry(facts: Facts, call: Omit<Call, "target">): Description {
  const { target, evidence, eksCall } = facts;
  const { command, policyArn, principalArn } = call;
  const other = principalArn && entryArns(evidence).find((arn) => isSamePrincipal(arn, principalArn));
  const entryArn = other === principalArn ? undefined : other;
  const asked = flagValue(command, "--access-scope");
  // If the scope is not known, our command might grant more than was requested.
  const again =
    asked === undefined || policyArn === undefined
      ? []
      : [
          associatePolicy(target, entryArn ?? principalArn ?? "PRINCIPAL_ARN", {
            policyArn,
            accessScope: scopeIn(asked),
          }),
        ];
  return {
    summary: entryArn
      ? `The access entry in cluster ${target.cluster} is for ${entryArn}, not for ${principalArn}.`
      : `${principalArn ?? "The principal"} does not have an access entry in cluster ${target.cluster}, which the policy requires.`,
    evidence: [`EKS reports: ${eksCall?.words}`],
    falsifiedBy: sentence`${aws("eks list-access-entries", { "cluster-name": target.cluster, region: target.region })} lists exactly this ARN.`,
    fixes: [
      entryArn
        ? forClusterAdmin(`Associate the policy with ${entryArn}.`, ...again)
        : forClusterAdmin(
            again.length > 0
              ? "Create the access entry, then associate the policy."
              : "Create the access entry, then repeat the failed call. In Terraform, make the association depend on the entry (depends_on).",
            createEntry(target, principalArn ?? "PRINCIPAL_ARN"),
            ...again,
          ),
    ],
  };
}

/** `type=namespace,namespaces=web,ops` */
function scopeIn(text: string): AccessScope {
  const [, type = "cluster", list] = /^type=(\w+)(?:,namespaces=(.+))?$/.exec(text) ?? [];
  return list === undefined ? { type } : { type, namespaces: list.split(",") };
}

interface Fault {
  readonly summary: string;
  /** The policy that was probably intended. */
  readonly instead?: string;
}

/** For when only EKS's answer is known. */
function faultInWords(words: string): Fault | undefined {
  if (/policyArn is invalid/i.test(words))
    return { summary: "The policy ARN does not belong to an EKS access policy in this partition." };
  if (!/only be associated with service-linked roles/i.test(words)) return undefined;
  return { summary: "AWS reserves this policy for its own service-linked roles." };
}

function faultInArn(policyArn: string, seen: Facts): Fault | undefined {
  const name = policyName(policyArn);
  if (SERVICE_LINKED_POLICIES.includes(name))
    return { summary: `AWS reserves ${name} for its own service-linked roles.` };
  const { target } = seen;
  const isPartitionUnknown =
    target.region === "REGION" && /^arn:[a-z-]+:eks::aws:cluster-access-policy\//.test(policyArn);
  const right = accessPolicyArn(target, name);
  if (policyArn === right || isPartitionUnknown) return undefined;
  if (policyRules(name) === undefined && !/:cluster-access-policy\//.test(policyArn))
    return { summary: `${policyArn} is not the ARN of an EKS access policy.` };
  return { summary: `The policy ARN must be ${right}, not ${policyArn}.`, instead: name };
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
  readonly policyArn: string | undefined;
  readonly principalArn: string | undefined;
}

function fixOf({ instead }: Fault, { target, command, principalArn = "PRINCIPAL_ARN" }: Call): Fix {
  const accessScope = scopeIn(flagValue(command, "--access-scope") ?? "");
  const policyArn = accessPolicyArn(target, instead ?? "AmazonEKSViewPolicy");
  const associate = associatePolicy(target, principalArn, { policyArn, accessScope });
  return instead === undefined
    ? forClusterAdmin(
        "Choose a policy for users from the list.",
        aws("eks list-access-policies", { region: target.region }),
        associate,
      )
    : forClusterAdmin("Associate the policy with its correct ARN.", associate);
}
