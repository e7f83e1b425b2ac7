import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Conclusion, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { principalOfArn } from "../../eks/principal/principal.ts";
import { type Fix, forIamAdmin } from "../../fixes/fix.ts";

/** EKS's answer to CreateCluster. Source: doctor/EKS-ACCESS.md, "Cluster and network". */
const NOT_ASSUMED =
  /Role with arn: ?(?<arn>arn:[a-z-]+:iam::\d{12}:role\/[^\s,"]+),? could not be assumed because it does not exist or the trusted entity is not correct/;

/** Health issues that are about the role, by their code or in the words of EKS. */
const OF_ROLE = /^IamRoleNotFound$|^AccessDenied$|ASSUME_ROLE_ACCESS_DENIED|PERMISSION_ACCESS_DENIED/;

/**
 * The role with which EKS itself acts for the cluster. The API server answers all the same, so no user is affected; only what EKS
 * does for nodes and load balancers fails.
 */
export const eksClusterRoleBroken = defineRule({
  cause: {
    id: "N14",
    what: "EKS cannot use the cluster's own IAM role: it was deleted, or lost its trust policy or AmazonEKSClusterPolicy.",
    seen: "nodes NotReady, but no user affected; or: Role with arn … could not be assumed",
    remedy: "IAM admin: restore the cluster's IAM role with its trust policy and permissions policy.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/cluster-iam-role.html",
  },
  expects: "the cluster's IAM role exists, trusts eks.amazonaws.com and has AmazonEKSClusterPolicy",
  check(_, seen) {
    const { arn, quoted } = refusedRole(seen);
    if (quoted !== undefined) {
      return found({
        confidence: "certain",
        describe: ({ target }) => describe(target.partition, arn, [`EKS reports: “${quoted}”.`]),
      });
    }
    const kind = seen.symptom?.kind;
    const isOfUser = !seen.isAboutNodes && kind !== undefined && kind !== "none" && kind !== "other";
    if (isOfUser && kind !== "unreachable") return doesNotApply("the cluster's role does not affect users");
    const issues = seen.cluster?.health?.issues ?? [];
    const issue = issues.find(({ code = "", message = "" }) => OF_ROLE.test(code) || OF_ROLE.test(message));
    return issue === undefined ? passed : found(ofIssue(seen, issue));
  },
  suspected: {
    nodes: {
      causes: ["N14"],
      suspicion: ({ target: { cluster: name, region } }) => ({
        summary: `EKS cannot use the IAM role of cluster ${name}: it was deleted, or lost its trust policy or AmazonEKSClusterPolicy.`,
        audience: "iam-admin",
        confirmedBy: sentence`${aws("eks describe-cluster", { name, region })} reports a health issue with code IamRoleNotFound or AccessDenied.`,
      }),
    },
  },
});

function refusedRole({ eksCall, pastedError }: Facts) {
  const match = NOT_ASSUMED.exec(eksCall?.words ?? pastedError ?? "");
  return { arn: match?.groups?.["arn"], quoted: match?.[0] };
}

function ofIssue(
  seen: Facts,
  { code = "(no code)", message }: { code?: string; message?: string },
): Conclusion {
  return {
    severity: seen.isAboutNodes || seen.symptom?.kind === "other" ? "error" : "warning",
    confidence: "likely",
    describe: ({ cluster, target }) =>
      describe(target.partition, cluster?.roleArn, [
        `DescribeCluster reports health issue ${code}${message === undefined ? "" : `: ${message}`}`,
        cluster?.roleArn && `The cluster's role is ${cluster.roleArn}.`,
      ]),
  };
}

function describe(partition: string, arn: string | undefined, evidence: readonly (string | undefined)[]) {
  const isServiceLinked = arn?.includes(":role/aws-service-role/") === true;
  const name = principalOfArn(arn ?? "")?.name ?? "CLUSTER_ROLE";
  return {
    summary: `EKS cannot use ${arn === undefined ? "the cluster's own IAM role" : `the cluster's IAM role ${arn}`}.`,
    evidence,
    falsifiedBy: sentence`${aws("iam get-role", { "role-name": name })} shows a trust policy that allows sts:AssumeRole for eks.amazonaws.com, and ${aws("iam list-attached-role-policies", { "role-name": name })} lists AmazonEKSClusterPolicy.`,
    fixes: isServiceLinked ? [OWN_ROLE] : fixes(partition, name),
  };
}

/** A service-linked role trusts only its own service and cannot be changed. */
const OWN_ROLE = forIamAdmin(
  "Create the cluster with your own role that trusts eks.amazonaws.com and has AmazonEKSClusterPolicy, not with the service-linked role.",
);

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

function fixes(partition: string, name: string): Fix[] {
  const attach = aws("iam attach-role-policy", {
    "role-name": name,
    "policy-arn": `arn:${partition}:iam::aws:policy/AmazonEKSClusterPolicy`,
  });
  return [
    forIamAdmin(
      "If the role still exists, make sure that its trust policy allows eks.amazonaws.com, and attach the policy. A new role becomes usable after about a minute.",
      aws("iam get-role", { "role-name": name, query: "Role.AssumeRolePolicyDocument" }),
      attach,
    ),
    forIamAdmin(
      "If the role was deleted, create it again with the same name.",
      aws("iam create-role", { "role-name": name, "assume-role-policy-document": TRUST }),
      attach,
    ),
  ];
}
