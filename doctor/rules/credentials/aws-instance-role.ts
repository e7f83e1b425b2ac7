import { defineRule } from "../../check/rule.ts";
import { type Description, doesNotApply, found, passed } from "../../check/verdict.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import type { Principal } from "../../derive/identity/principal.ts";
import { isMapped } from "../../derive/mapping/mapping.ts";
import { forYou } from "../../fixes/fix.ts";
import { setExecEnv } from "../../fixes/kubeconfig-commands.ts";
import { chooseProfile } from "../../fixes/profile-choice.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";
import { sayCaller } from "../shared/say-caller.ts";

/** Session name of a role that an EC2 instance carries. Source: doctor/EKS-ACCESS.md, "Username templates". */
const INSTANCE = /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/** Username of a node that got its name from EC2 or Fargate, and not from a person's session. */
const NODE_USER = /^system:node:(?:ip-[\d-]+|i-[0-9a-f]{8,17}|fargate-ip-[\d-]+)(?:[.]|$)/;

export const awsInstanceRole = defineRule({
  causes: ["L8"],
  expects: "the caller's role is a person's, not the machine's",
  needs: ["exec", "symptom"],
  reads: ["isOtherPrincipal", "principal", "mapping"],
  check({ exec, symptom }, seen) {
    if (exec.tool === "kubectl-vouch" || exec.tool === "vouch")
      return doesNotApply("the plugin uses a Vouch session");
    const isNode = symptom.kind === "forbidden" && NODE_USER.test(symptom.user);
    if (!isNode && symptom.kind !== "unauthorized")
      return doesNotApply("the cluster neither refuses the caller nor sees a node");
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    const { principal } = seen;
    if (principal !== undefined && !isInstance(principal)) return passed;
    const confidence = isNode ? (principal ? "certain" : "likely") : confidenceFor401(seen);
    if (confidence === undefined) return passed;
    return found({
      confidence,
      inferred: confidence === "possible",
      explains: ["E1", "A1", "E5"],
      describe: (facts) => describe(facts, isNode ? symptom.user : undefined),
    });
  },
});

function isInstance({ kind, sessionName = "" }: Principal): boolean {
  return kind === "role" && INSTANCE.test(sessionName);
}

function confidenceFor401(seen: Facts): Confidence | undefined {
  if (seen.principal === undefined || isMapped(seen.mapping)) return undefined;
  return seen.mapping?.by === "nobody" ? "likely" : "possible";
}

function describe(facts: Facts, nodeUser: string | undefined): Description {
  const { principal, credentials } = facts;
  const isNode = nodeUser !== undefined;
  return {
    summary: isNode
      ? `The cluster sees a node, ${nodeUser}: the call was made with the machine's own role.`
      : `The call was made with the machine's own role, ${principal?.canonicalArn}.`,
    evidence: [
      isNode && `The refusal names User “${nodeUser}”.`,
      principal && sayCaller(facts, principal.arn),
      isNode ? undefined : `Its session ${principal?.sessionName} is the name of an EC2 instance.`,
      credentials?.isSure && `Where the credentials come from: ${credentials.why}.`,
    ],
    falsifiedBy:
      "The machine's role is meant to reach the cluster (a runner or a bastion with an entry of its own).",
    fixes: [
      forYou("Name a profile with your own credentials.", ...chooseProfile(facts)),
      forYou(
        "To see a missing login instead of the machine's role, keep the plugin from asking the machine.",
        setExecEnv(facts, { AWS_EC2_METADATA_DISABLED: "true" }),
      ),
    ],
  };
}
