import { aws } from "../../token/command/command.ts";
import type { Facts } from "../derive/facts.ts";
import { type DenyingPolicy, denyingPolicy } from "../derive/failure/error-sources.ts";
import { likelyPrincipal } from "../derive/identity/principal-arn.ts";
import { permissionSetRole } from "../eks/principal/permission-set.ts";
import type { Principal } from "../eks/principal/principal.ts";
import { documentOf, type Fix, forIamAdmin } from "./fix.ts";

interface IamGrant {
  /** Undefined: it is not known who should get the permission. */
  readonly principal: Principal | undefined;
  readonly policyName: string;
  readonly actions: readonly string[];
  readonly resource: string;
  readonly description: string;
  /** AWS's message when it denied the actions. */
  readonly denial: string;
}

/**
 * Allows a principal some actions by an inline policy; for a permission set's role, this must be done in the permission set. If
 * another policy denies the actions anyway, no Allow is printed.
 */
export function grantInIam(grant: IamGrant): Fix {
  const { principal, policyName, actions, resource, description } = grant;
  const policyThatDenies = denyingPolicy(grant.denial);
  if (policyThatDenies !== undefined) return lift(grant, policyThatDenies);
  const statement = { Effect: "Allow", Action: actions, Resource: resource };
  const policy = { Version: "2012-10-17", Statement: [statement] };
  const document = documentOf(JSON.stringify(policy, undefined, 2));
  const set = permissionSetRole(principal?.name ?? "")?.set;
  if (set !== undefined) {
    return forIamAdmin(
      `${description} In IAM Identity Center, add this to the inline policy of permission set ${set}, then provision the set again.`,
      document,
    );
  }
  if (principal === undefined)
    return forIamAdmin(`${description} Add this to one of the caller's policies.`, document);
  const { kind } = principal;
  if (kind === "federated" || kind === "root")
    return forIamAdmin(`${description} ${WITHOUT_POLICY[kind]}`, document);
  return forIamAdmin(
    description,
    aws(`iam put-${kind}-policy`, {
      [`${kind}-name`]: principal.name,
      "policy-name": policyName,
      "policy-document": JSON.stringify(policy),
    }),
  );
}

/**
 * Where to put an Allow for principals to which no policy can be attached. Source: IAM user guide, "Permissions for
 * GetFederationToken".
 */
const WITHOUT_POLICY = {
  federated:
    "Federated users cannot have attached policies: add this to a policy of the IAM user whose keys started the session, and to the policy passed with the session.",
  root: "The root user cannot have attached policies: call AWS as a role or user with this policy.",
} as const;

/** Who can change each kind of policy. */
const OWNERS: readonly (readonly [kind: RegExp, owner: string])[] = [
  [/^(?:service|resource) control policy$/, "an AWS organization admin"],
  [/^permissions boundary$/, "the admin of the caller's permissions boundary"],
  [/^session policy$/, "the program or user that starts the caller's session"],
  [/^VPC endpoint policy$/, "the owner of the VPC endpoint"],
];

function lift({ actions, denial }: IamGrant, { kind, isExplicit }: DenyingPolicy): Fix {
  const owner = OWNERS.find(([kinds]) => kinds.test(kind))?.[1] ?? "an IAM admin";
  // For the other actions it is not known that they are denied.
  const denied = actions.filter((action) => denial.includes(action));
  const action = (denied.length > 0 ? denied : actions.slice(0, 1)).join(" and ");
  return forIamAdmin(
    isExplicit
      ? `Another Allow does not help: ${owner} must remove ${action} from the ${kind} that denies it.`
      : `An Allow for the caller is not enough: ${owner} must allow ${action} in the ${kind}.`,
  );
}

/** Actions that have no resource. Source: doctor/AWS-CREDENTIALS.md, "Words of AWS". */
const EVERYWHERE: readonly string[] = ["eks:ListClusters"];

interface EksActions {
  readonly actions: readonly [string, ...string[]];
  /** AWS's message when it denied them, which may name the policy that denies. */
  readonly denial: string;
  readonly description: string;
  /** Default: named after the first action. */
  readonly policyName?: string;
}

/** Allows the caller actions on the cluster; if no Allow for the caller helps, says who must lift the denial. */
export function allowEksActions(facts: Facts, { actions, policyName, ...rest }: EksActions): Fix {
  const { cluster, region, partition } = facts.target;
  const principal = likelyPrincipal(facts);
  const [first] = actions;
  // The permission to describe any cluster is never too broad.
  const isHarmless = actions.every((action) => action === "eks:DescribeCluster");
  const account = facts.targetCluster.account ?? principal?.account ?? (isHarmless ? "*" : "ACCOUNT");
  return grantInIam({
    principal,
    policyName: policyName ?? first.replace(":", "-"),
    actions,
    resource: EVERYWHERE.includes(first)
      ? "*"
      : `arn:${partition}:eks:${region}:${account}:cluster/${isHarmless && cluster === "CLUSTER" ? "*" : cluster}`,
    ...rest,
  });
}
