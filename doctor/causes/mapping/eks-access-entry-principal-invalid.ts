import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import type { Facts } from "../../derive/facts.ts";
import { knownRoleArns } from "../../derive/identity/principal-arn.ts";
import { isSamePrincipal, principalOfArn } from "../../eks/principal/principal.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { createEntry } from "../../fixes/access-entry-actions.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { defineEksRefusalRule } from "../shared/eks-refusal-rule.ts";

/** EKS's messages for everything that cannot be a principal. Source: doctor/EKS-ACCESS.md, "Access entries". */
const INVALID =
  /The specified principalArn is invalid: invalid principal|principalArn value of a Service Linked Role/;

export const eksAccessEntryPrincipalInvalid = defineEksRefusalRule({
  cause: {
    id: "E2",
    what: "An access entry is requested for an ARN that is not an IAM principal.",
    seen: "invalid principal",
    remedy: "Cluster admin: create the access entry for the role's full ARN.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html",
  },
  expects: "access entries are created for the ARN of an IAM role or user, including its path",
  pattern: INVALID,
  explains: ["E1", "M1", "M2", "E4"],
  isWithout: ({ principalArn = "" }, _, { evidence }) => knownRoleArns(evidence).includes(principalArn),
  describe({ call: { principalArn }, match }, facts) {
    const real = realArn(facts, principalArn);
    if (isServiceLinked(principalArn, match[0])) return describeServiceLinked(principalArn);
    return {
      summary: `EKS does not accept an access entry for ${principalArn ?? "this ARN"}: ${why(principalArn, real)}.`,
      evidence: real === undefined ? [] : [`IAM reports that the role's ARN is ${real}.`],
      falsifiedBy: sentence`The ARN that ${aws("iam get-role")} (or get-user) prints is rejected with the same message.`,
      fixes: [fixFor(facts, principalArn, real)],
    };
  },
});

function isServiceLinked(asked: string | undefined, words: string): boolean {
  return words.endsWith("Service Linked Role") || asked?.includes(":role/aws-service-role/") === true;
}

/** Without a fix: only AWS can make such an entry. */
function describeServiceLinked(asked = "this role") {
  return {
    summary: `EKS does not accept an access entry for ${asked}: only AWS manages those of service-linked roles.`,
    evidence: [
      "When an AWS service is set up for a cluster, AWS creates the access entry that it needs; you do not need to create one.",
    ],
    falsifiedBy: "The path of the role does not begin with /aws-service-role/.",
    fixes: [],
  };
}

function why(asked: string | undefined, real: string | undefined): string {
  if (asked === undefined) return "it must be the full ARN of an existing role or user";
  if (asked.includes(":sts:")) return "it is a role session, not the role";
  if (asked.includes(":group/")) return "an IAM group is not a principal";
  if (real !== undefined && real !== asked) return "the role's path is missing or wrong";
  return "the role or user does not exist (yet), or its path is missing";
}

/** The ARN of the intended role, as in IAM. */
function realArn({ evidence }: Facts, asked: string | undefined): string | undefined {
  const arn = knownValue(evidence.role)?.Role.Arn;
  if (asked === undefined) return arn;
  return knownRoleArns(evidence).find((known) => isSamePrincipal(known, asked));
}

function fixFor({ target }: Facts, asked: string | undefined, real: string | undefined): Fix {
  if (real !== undefined) {
    return forClusterAdmin("Create the access entry with the role's full ARN.", createEntry(target, real));
  }
  const name = asked === undefined ? undefined : principalOfArn(asked)?.name;
  return forClusterAdmin(
    "Look up the full ARN in IAM, and create the access entry with it (a new role can need a minute).",
    aws("iam get-role", { "role-name": name ?? "ROLE", query: "Role.Arn", output: "text" }),
    createEntry(target, "ROLE_ARN"),
  );
}
