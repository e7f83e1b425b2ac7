import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { principalOfArn } from "../../derive/identity/principal.ts";
import { commandTarget, eksCall } from "../../derive/target/eks-call.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { createEntry } from "../../fixes/access-entry-actions.ts";
import { aws } from "../../fixes/aws.ts";
import type { Fix } from "../../fixes/fix.ts";

/** EKS's words for all that cannot be a principal. Source: doctor/EKS-ACCESS.md, "Access entries". */
const INVALID =
  /The specified principalArn is invalid: invalid principal|principalArn value of a Service Linked Role/;

export const eksAccessEntryPrincipalInvalid = defineLegacyRule({
  code: "eks-access-entry-principal-invalid",
  stage: "mapping",
  causes: ["E2"],
  expects: "an access entry is made for the ARN of an IAM role or user, with its path",
  needs: ["symptom"],
  judge(facts) {
    const call = eksCall(facts);
    const [said] = INVALID.exec(call?.words ?? "") ?? [];
    if (said === undefined) return [];
    const asked = call?.principalArn;
    const real = realArn(facts, asked);
    return [
      {
        cause: "E2",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        summary: `EKS takes no entry for ${asked ?? "this ARN"}: ${why(asked, real)}.`,
        evidence: [
          `EKS says “${said}”.`,
          ...(real === undefined ? [] : [`IAM says that the role's ARN is ${real}.`]),
        ],
        falsifiedBy: sentence`The ARN that ${aws("iam get-role")} (or get-user) prints is refused in the same words.`,
        fixes: fixes(facts, asked, real),
        explains: ["E1", "M1", "M2", "E4"],
      },
    ];
  },
});

function why(asked: string | undefined, real: string | undefined): string {
  if (asked === undefined) return "it must be the full ARN of a role or user that exists";
  if (asked.includes(":sts:")) return "it is a session of a role, and not the role";
  if (asked.includes(":group/")) return "IAM groups are no principals";
  if (asked.includes("/aws-service-role/")) return "service-linked roles belong to AWS";
  if (real !== undefined && real !== asked) return "the role's path is missing or another one";
  return "no such role or user exists (yet), or its path is missing";
}

/** The ARN of the role that was meant, as IAM has it. */
function realArn({ evidence }: Facts, asked: string | undefined): string | undefined {
  const arn = knownValue(evidence.role)?.Role.Arn;
  if (arn === undefined || asked === undefined) return arn;
  return principalOfArn(arn)?.name === principalOfArn(asked)?.name ? arn : undefined;
}

function fixes(facts: Facts, asked: string | undefined, real: string | undefined): Fix[] {
  const target = commandTarget(facts);
  const name = asked === undefined ? undefined : principalOfArn(asked)?.name;
  if (real !== undefined) {
    return [
      {
        audience: "cluster-admin",
        description: "Make the entry for the role's full ARN.",
        actions: [createEntry(target, real)],
      },
    ];
  }
  return [
    {
      audience: "cluster-admin",
      description:
        "Ask IAM for the full ARN, and make the entry for that (a role made a moment ago may need a minute).",
      actions: [
        aws("iam get-role", { "role-name": name ?? "ROLE", query: "Role.Arn", output: "text" }),
        createEntry(target, "ROLE_ARN"),
      ],
    },
  ];
}
