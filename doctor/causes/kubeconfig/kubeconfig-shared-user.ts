import type { CauseId } from "../../check/cause-ids.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { awsProfiles } from "../../derive/identity/aws-profile-chain.ts";
import { isMissingRole, knownRoleArns } from "../../derive/identity/principal-arn.ts";
import type { EffectiveContext, KubeconfigReading } from "../../derive/kubeconfig/effective-context.ts";
import type { ExecBlock } from "../../derive/kubeconfig/exec-block.ts";
import { type RewrittenUser, rewriteUsers } from "../../fixes/regenerate-context.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";

/** Missing permissions of the other role are not a separate fault. */
const PERMISSIONS: readonly CauseId[] = [
  "E1",
  "A1",
  "E5",
  "P1",
  "P2",
  "P3",
  "P4",
  "P5",
  "P6",
  "P10",
  "P13",
  "R1",
  "R3",
  "R4",
  "R7",
];

/**
 * `update-kubeconfig` was run twice for one cluster without `--user-alias`, so two contexts share the user entry that the second
 * run wrote. Contexts that differ in their namespace share a user on purpose.
 */
export const kubeconfigSharedUser = defineRule({
  cause: {
    id: "K9",
    what: "Two contexts for different roles share one user entry, which the second run of update-kubeconfig overwrote.",
    seen: "the admin context and the reader context behave the same",
    remedy: "Create a separate user for each context.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html",
  },
  expects: "contexts for different roles use separate user entries",
  needs: ["kubeconfig", "context", "exec"],
  check({ kubeconfig: { view }, context, exec }, seen) {
    const sharing = contextsSharingUser(view, context);
    if (sharing.length === 0) return passed;
    if (exec.tool !== "aws") return doesNotApply("the exec block does not run the AWS CLI");
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    const { kind } = seen.symptom ?? { kind: undefined };
    if (kind !== undefined && kind !== "forbidden" && kind !== "unauthorized")
      return doesNotApply("the API server returned neither 401 nor 403");
    const identity = exec.role ?? exec.profile ?? exec.env["AWS_PROFILE"];
    const isOthers =
      identity !== undefined && !fits(context.name, identity) && sharing.some((name) => fits(name, identity));
    if (!isOthers && (kind === undefined || !context.userName.startsWith("arn:"))) return passed;
    return found({
      severity: kind === undefined ? "warning" : "error",
      ...(isOthers
        ? { confidence: "likely", explains: PERMISSIONS }
        : { confidence: "possible", inferred: true }),
      describe: (facts) => ({
        summary: `Context ${context.name} shares its user with ${sharing.join(", ")}, so it authenticates as ${identity ?? "the same identity"}.`,
        evidence: [
          `Contexts ${[context.name, ...sharing].join(", ")} use the same user, ${context.userName}.`,
          identity !== undefined && `That user entry runs ${exec.program} as ${identity}.`,
        ],
        falsifiedBy: `Context ${context.name} is meant to authenticate as ${identity ?? "the shared user"}.`,
        fixes: rewriteUsers(
          facts,
          "Write each context with its own user entry.",
          [context.name, ...sharing].map((name) => ownUser(facts, exec, name)),
        ),
      }),
    });
  },
});

/** Other contexts with this cluster, user and namespace. */
function contextsSharingUser(view: KubeconfigReading["view"], context: EffectiveContext): string[] {
  return [...(view?.entries.contexts ?? [])]
    .filter(
      ([name, { body }]) =>
        name !== context.name &&
        body["user"] === context.userName &&
        body["cluster"] === context.clusterName &&
        (body["namespace"] ?? undefined) === context.namespace,
    )
    .map(([name]) => name);
}

/** Whether a word of the context's name is also in the role's or profile's name. */
function fits(context: string, identity: string): boolean {
  const [tail = ""] = identity.split("/").slice(-1);
  const name = tail.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const words = context.toLowerCase().split(/[^a-z0-9]+/);
  return words.some((word) => word.length > 2 && name.includes(word));
}

/** A user named after the context, with the role or profile that the context's name suggests. */
function ownUser({ evidence }: Facts, exec: ExecBlock, name: string): RewrittenUser {
  const { role, profile = exec.env["AWS_PROFILE"] } = exec;
  const own = (identity: string | undefined, unknown: string, others: readonly string[]) => {
    const fitting = others.filter((other) => fits(name, other));
    if (identity !== undefined && fits(name, identity) && !isMissingRole(evidence, identity)) return identity;
    return fitting.length === 1 ? fitting[0] : unknown;
  };
  return {
    user: name,
    context: name,
    command: exec.command,
    ...(role === undefined
      ? { profile: own(profile, "PROFILE", [...awsProfiles(evidence).byName.keys()]) }
      : { role: own(role, "ROLE_ARN", knownRoleArns(evidence)), profile }),
  };
}
