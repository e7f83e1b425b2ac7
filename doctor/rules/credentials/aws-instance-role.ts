import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { isOtherPrincipal } from "../../derive/failure/pre-auth-severity.ts";
import { aws } from "../../fixes/aws.ts";
import { setExecEnv, useProfile } from "../../fixes/kubeconfig-commands.ts";

/** Session name of a role that an EC2 instance carries. Source: doctor/EKS-ACCESS.md, "Username templates". */
const INSTANCE = /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/** Username of a node that got its name from EC2 or Fargate, and not from a person's session. */
const NODE_USER = /^system:node:(?:ip-[\d-]+|i-[0-9a-f]{8,17}|fargate-ip-[\d-]+)(?:[.]|$)/;

export const awsInstanceRole = defineLegacyRule({
  code: "aws-instance-role",
  stage: "credentials",
  causes: ["L8"],
  expects: "the caller is a person's role and not that of the machine",
  needs: ["exec"],
  judge(facts) {
    const shown = isOtherPrincipal(facts) ? undefined : seen(facts);
    if (shown === undefined) return [];
    const { credentials } = facts;
    const chosen =
      credentials?.isSure === true ? [`Where the credentials come from: ${credentials.why}.`] : [];
    return [
      {
        cause: "L8",
        stage: "credentials",
        ...shown,
        evidence: [...shown.evidence, ...chosen],
        falsifiedBy:
          "The machine's role is meant to reach the cluster (a runner or a bastion with an entry of its own).",
        fixes: [
          {
            audience: "you",
            description: "Name a profile with your own credentials.",
            actions: [aws("configure list-profiles"), useProfile(facts, undefined)],
          },
          {
            audience: "you",
            description:
              "To make a missing login show instead of the machine's role: keep the plugin from asking the machine.",
            actions: [setExecEnv(facts, { AWS_EC2_METADATA_DISABLED: "true" })],
          },
        ],
        explains: ["E1", "A1", "E5"],
      },
    ];
  },
});

type Shown = Pick<LegacyFinding, "severity" | "confidence" | "summary" | "evidence" | "inferred">;

function seen({ symptom, principal, mapping, credentials }: Facts): Shown | undefined {
  const isInstance = principal?.kind === "role" && INSTANCE.test(principal.sessionName ?? "");
  const isPerson = principal !== undefined && !isInstance;
  if (isPerson || credentials?.kind === "vouch") return undefined;
  const arn = principal === undefined ? [] : [`AWS says that the caller is ${principal.arn}.`];
  if (symptom?.kind === "forbidden" && NODE_USER.test(symptom.user)) {
    return {
      severity: "error",
      confidence: isInstance ? "certain" : "likely",
      summary: `The cluster sees a node, ${symptom.user}: the call was made with the machine's own role.`,
      evidence: [`The refusal names User “${symptom.user}”.`, ...arn],
    };
  }
  if (
    symptom?.kind !== "unauthorized" ||
    !isInstance ||
    mapping?.by === "entry" ||
    mapping?.by === "aws-auth"
  ) {
    return undefined;
  }
  return {
    severity: "error",
    confidence: mapping?.by === "nobody" ? "likely" : "possible",
    inferred: mapping?.by !== "nobody",
    summary: `The call was made with the machine's own role, ${principal.canonicalArn}.`,
    evidence: [...arn, `Its session ${principal.sessionName} is the name of an EC2 instance.`],
  };
}
