import type { Run } from "../../../token/command/command.ts";
import type { CauseId } from "../../catalogue/rows.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { isOtherPrincipal } from "../../derive/failure/pre-auth-severity.ts";
import { targetCluster } from "../../derive/target/target-cluster.ts";
import { aws } from "../../fixes/aws.ts";

/** What the other role may not do is no fault of its own. */
const RIGHTS: readonly CauseId[] = [
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
 * `update-kubeconfig` was run twice for one cluster without `--user-alias`: two contexts share the user entry that the
 * second run wrote. Contexts that differ in their namespace share a user on purpose.
 */
export const kubeconfigSharedUser = defineLegacyRule({
  code: "kubeconfig-shared-user",
  stage: "kubeconfig",
  causes: ["K9"],
  expects: "contexts that stand for different roles have users of their own",
  needs: ["kubeconfig", "context", "exec"],
  judge(facts) {
    const { context, exec, symptom } = facts;
    const twins = sharing(facts);
    const kind = symptom?.kind ?? "forbidden";
    if (twins.length === 0 || exec.tool !== "aws" || !["forbidden", "unauthorized"].includes(kind)) return [];
    if (isOtherPrincipal(facts)) return [];
    const as = exec.role ?? exec.profile ?? exec.env["AWS_PROFILE"];
    const isOthers = as !== undefined && !fits(context.name, as) && twins.some((name) => fits(name, as));
    if (!isOthers && (symptom === undefined || !context.userName.startsWith("arn:"))) return [];
    return [
      {
        cause: "K9",
        stage: "kubeconfig",
        severity: symptom === undefined ? "warning" : "error",
        confidence: isOthers ? "likely" : "possible",
        summary: `Context ${context.name} shares its user with ${twins.join(", ")}, and so acts as ${as ?? "the same identity"}.`,
        evidence: [
          `Contexts ${[context.name, ...twins].join(", ")} all name user ${context.userName}.`,
          ...(as === undefined ? [] : [`That user runs ${exec.program} as ${as}.`]),
        ],
        falsifiedBy: `${as ?? "The identity of the shared user"} is the one that ${context.name} is meant to have.`,
        fixes: [
          {
            audience: "you",
            description: "Write each context with a user of its own.",
            actions: [context.name, ...twins].map((name) => regenerate(facts, name)),
          },
        ],
        ...(isOthers ? { explains: RIGHTS } : { inferred: true }),
      },
    ];
  },
});

/** Other contexts with this cluster, user and namespace. */
function sharing({ kubeconfig, context }: Facts): string[] {
  const contexts = [...(kubeconfig?.view?.entries.contexts ?? [])];
  return contexts
    .filter(
      ([name, { body }]) =>
        name !== context?.name &&
        body["user"] === context?.userName &&
        body["cluster"] === context?.clusterName &&
        (body["namespace"] ?? undefined) === context?.namespace,
    )
    .map(([name]) => name);
}

/** Whether a word of the context's name stands in the role's or profile's name too. */
function fits(context: string, as: string): boolean {
  const tail =
    as
      .split("/")
      .at(-1)
      ?.toLowerCase()
      .replaceAll(/[^a-z0-9]/g, "") ?? "";
  const words = context
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2);
  return words.some((word) => tail.includes(word));
}

function regenerate(facts: Facts, name: string): Run {
  const { name: cluster = "CLUSTER", region = "REGION" } = targetCluster(facts);
  const { role, profile = facts.exec?.env["AWS_PROFILE"] } = facts.exec ?? {};
  const own = (as: string | undefined, unknown: string) =>
    as !== undefined && fits(name, as) ? as : unknown;
  const identity =
    role === undefined
      ? { profile: own(profile, "PROFILE") }
      : { "role-arn": own(role, "ROLE_ARN"), profile };
  return aws("eks update-kubeconfig", {
    name: cluster,
    region,
    alias: name,
    "user-alias": name,
    ...identity,
  });
}
