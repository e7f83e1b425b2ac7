import { aws } from "../../../token/command/aws.ts";
import { sentence } from "../../../token/command/sentence.ts";
import type { Facts } from "../../derive/facts.ts";
import { knownRoleArns } from "../../derive/identity/known-roles.ts";
import { isSamePrincipal, principalOfArn } from "../../derive/identity/principal.ts";
import { SERVICE_ROLE } from "../../derive/mapping/entry-people.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { createEntry } from "../../fixes/access-entry-actions.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { defineEksRefusalRule } from "../shared/eks-refusal-rule.ts";

/** EKS's messages for everything that cannot be a principal. Source: doctor/EKS-ACCESS.md, "Access entries". */
const INVALID =
  /The specified principalArn is invalid: invalid principal|principalArn value of a Service Linked Role/;

export const eksAccessEntryPrincipalInvalid = defineEksRefusalRule({
  causes: [
    {
      id: "E2",
      what: "An entry is requested for an ARN that is not an IAM principal.",
      seen: "invalid principal",
    },
  ],
  expects: "an access entry is created for the ARN of an IAM role or user, with its path",
  pattern: INVALID,
  explains: ["E1", "M1", "M2", "E4"],
  describe({ call: { principalArn } }, facts) {
    const real = realArn(facts, principalArn);
    return {
      summary: `EKS accepts no entry for ${principalArn ?? "this ARN"}: ${why(principalArn, real)}.`,
      evidence: real === undefined ? [] : [`IAM says that the role's ARN is ${real}.`],
      falsifiedBy: sentence`The ARN that ${aws("iam get-role")} (or get-user) prints is refused with the same message.`,
      fixes: isOfService(principalArn) ? [] : [fixFor(facts, principalArn, real)],
    };
  },
});

function why(asked: string | undefined, real: string | undefined): string {
  if (asked === undefined) return "it must be the full ARN of a role or user that exists";
  if (asked.includes(":sts:")) return "it is a session of a role, and not the role";
  if (asked.includes(":group/")) return "an IAM group is no principal";
  if (isOfService(asked)) return "service-linked roles belong to AWS";
  if (real !== undefined && real !== asked) return "the role's path is missing or wrong";
  return "no such role or user exists (yet), or its path is missing";
}

/** Only AWS itself makes entries of its service-linked roles. Source: doctor/EKS-ACCESS.md, "Access entries". */
function isOfService(arn: string | undefined): boolean {
  return arn !== undefined && SERVICE_ROLE.test(arn);
}

/** The ARN of the intended role, as in IAM. */
function realArn({ evidence }: Facts, asked: string | undefined): string | undefined {
  const arn = knownValue(evidence.role)?.Role.Arn;
  if (asked === undefined) return arn;
  return knownRoleArns(evidence).find((known) => isSamePrincipal(known, asked));
}

function fixFor({ target }: Facts, asked: string | undefined, real: string | undefined): Fix {
  if (real !== undefined) {
    return forClusterAdmin("Create the entry for the role's full ARN.", createEntry(target, real));
  }
  const name = asked === undefined ? undefined : principalOfArn(asked)?.name;
  return forClusterAdmin(
    "Ask IAM for the full ARN, and create the entry for that (a new role may need a minute).",
    aws("iam get-role", { "role-name": name ?? "ROLE", query: "Role.Arn", output: "text" }),
    createEntry(target, "ROLE_ARN"),
  );
}
