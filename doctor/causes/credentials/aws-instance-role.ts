import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Description, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { isVouchBlock } from "../../derive/identity/credential-source.ts";
import { principalArn } from "../../derive/identity/principal-arn.ts";
import {
  formatServiceAccount,
  isInstanceRole,
  lacksOwnRole,
  workloadOf,
} from "../../derive/identity/workload.ts";
import { isMapped } from "../../eks/mapping/mapping.ts";
import type { Principal } from "../../eks/principal/principal.ts";
import type { Workload } from "../../evidence/evidence.ts";
import { byEntryOrLine, openToEntries } from "../../fixes/access-entry-fix.ts";
import { type Fix, forClusterAdmin, forYou, orElse } from "../../fixes/fix.ts";
import { entryMeant, withMeant } from "../../fixes/grant-fixes.ts";
import { setExecEnv } from "../../fixes/kubeconfig-commands.ts";
import { chooseProfile } from "../../fixes/profile-choice.ts";
import { describeCaller, WHO_AM_I } from "../shared/caller-words.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";

/** Session name of a role on an EC2 instance. Source: doctor/EKS-ACCESS.md, "Username templates". */
const INSTANCE = /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/** Username of a node whose name comes from EC2 or Fargate, not from a user's session. */
const NODE_USER = /^system:node:(?:ip-[\d-]+|i-[0-9a-f]{8,17}|fargate-ip-[\d-]+)(?:[.]|$)/;

/** Source: EKS User Guide, "EKS Pod Identity". */
const TRUST = "The role must trust pods.eks.amazonaws.com for sts:AssumeRole and sts:TagSession.";

export const awsInstanceRole = defineRule({
  cause: {
    id: "L8",
    what: "No other source had credentials, so the role of the machine (instance, node, or container) is used.",
    seen: "403 as system:node:…",
    remedy:
      "Set a profile with your own credentials; the machine's role is the last resort of the AWS tools.",
    page: "https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html",
  },
  expects: "the caller uses a user's role, not the machine's role",
  needs: ["exec", "symptom"],
  check({ exec, symptom }, seen) {
    if (isVouchBlock(exec)) return doesNotApply("the plugin uses a Vouch session");
    const isNode = symptom.kind === "forbidden" && NODE_USER.test(symptom.user);
    if (!isNode && symptom.kind !== "unauthorized")
      return doesNotApply("the call did not fail with 401, and the cluster does not see a node");
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    const { principal } = seen;
    const workload = workloadOf(seen.evidence);
    const isMachine = (caller: Principal) =>
      isInstance(caller) || (workload !== undefined && isInstanceRole(workload, caller));
    if (principal !== undefined && !isMachine(principal)) return passed;
    if (seen.workingWays.some((way) => way.principal !== undefined && isInstance(way.principal)))
      return doesNotApply(
        "the call works with another machine's role, so machine roles are meant to have access",
      );
    const confidence = isNode ? (principal ? "certain" : "likely") : confidenceFor401(seen, workload);
    if (confidence === undefined) return passed;
    return found({
      confidence,
      inferred: confidence === "possible",
      explains: ["E1", "A1", "E5"],
      describe: (facts) => describe(facts, isNode ? symptom.user : undefined),
    });
  },
  suspected: {
    forbidden: {
      causes: ["L8"],
      suspicion: ({ symptom, isAboutNodes }) => {
        const user = symptom?.kind === "forbidden" ? symptom.user : "";
        if (!user.startsWith("system:node:") || isAboutNodes) return undefined;
        return {
          summary: "The client uses the EC2 node's instance role because it found no other AWS credentials.",
          hints: [`The cluster identifies the caller as ${user}.`],
          audience: "you",
          confirmedBy: sentence`${WHO_AM_I}, run where the client runs, returns the node's role.`,
        };
      },
    },
  },
});

function isInstance({ kind, sessionName = "" }: Principal): boolean {
  return kind === "role" && INSTANCE.test(sessionName);
}

function confidenceFor401(seen: Facts, workload: Workload | undefined): Confidence | undefined {
  if (seen.principal === undefined || isMapped(seen.mapping)) return undefined;
  const lacksRole = workload !== undefined && lacksOwnRole(workload) === true;
  if (seen.mapping?.by === "nobody") return lacksRole ? "certain" : "likely";
  return lacksRole ? "likely" : "possible";
}

function describe(facts: Facts, nodeUser: string | undefined): Description {
  const { principal, credentials } = facts;
  const isNode = nodeUser !== undefined;
  const workload = workloadFixes(facts, isNode);
  const own = forYou("Use a profile with your own credentials.", ...chooseProfile(facts));
  return {
    summary: isNode
      ? `The call was made with the machine's own role, so the cluster sees a node: ${nodeUser}.`
      : `The call was made with the machine's own role, ${principal?.canonicalArn}.`,
    evidence: [
      isNode && `The denial is for User “${nodeUser}”.`,
      principal && describeCaller(facts, principal.arn),
      ...describeWorkload(facts),
      isNode || principal === undefined || !isInstance(principal)
        ? undefined
        : `Its session name is ${principal?.sessionName}, an EC2 instance ID.`,
      credentials?.isSure && `Credential source: ${credentials.why}.`,
    ],
    falsifiedBy: isNode
      ? sentence`${WHO_AM_I}, run where the client runs, returns a different role.`
      : "The machine's role is meant to access the cluster (a runner or bastion with its own access entry).",
    fixes: [
      ...workload,
      workload.length === 0 ? own : orElse(own),
      forYou(
        "To get an error for a missing login instead of the machine's role, disable instance metadata for the plugin.",
        setExecEnv(facts, { AWS_EC2_METADATA_DISABLED: "true" }),
      ),
    ],
  };
}

function describeWorkload({ evidence }: Facts): string[] {
  const workload = workloadOf(evidence);
  if (workload === undefined || lacksOwnRole(workload) !== true) return [];
  const who = formatServiceAccount(workload);
  return [
    `${who.charAt(0).toUpperCase()}${who.slice(1)} has neither the annotation eks.amazonaws.com/role-arn nor a Pod Identity association.`,
  ];
}

/**
 * A pod gets a separate role; a machine that is meant to access the cluster gets an access entry. If the cluster sees the caller
 * as one of its own nodes, the pod runs in the cluster that it calls; otherwise in a different one, or it is not known where.
 */
function workloadFixes(facts: Facts, isNode: boolean): Fix[] {
  const { evidence, principal, target } = facts;
  const workload = workloadOf(evidence);
  if (workload === undefined || principal === undefined) return [];
  const { kind, serviceAccount = "SERVICE_ACCOUNT", namespace = "NAMESPACE" } = workload;
  if (kind === "instance") {
    const role = principalArn(facts, principal);
    const byEntry = forClusterAdmin(
      `If this machine is meant to access the cluster, create an access entry for its role, ${withMeant(facts, role)}.`,
      ...openToEntries(facts),
      ...entryMeant(facts, role),
    );
    return byEntryOrLine(facts, role, byEntry);
  }
  const byEntry = forClusterAdmin(
    `Create an access entry for that role in ${target.cluster}, ${withMeant(facts, "ROLE_ARN")}.`,
    ...openToEntries(facts),
    ...entryMeant(facts, "ROLE_ARN"),
  );
  return [
    forClusterAdmin(
      `Associate a separate role with ${formatServiceAccount(workload)} in the cluster where the pod runs, then restart the pod. ${TRUST}`,
      aws("eks create-pod-identity-association", {
        "cluster-name": isNode ? target.cluster : "POD_CLUSTER",
        region: isNode ? target.region : "POD_REGION",
        namespace,
        "service-account": serviceAccount,
        "role-arn": "ROLE_ARN",
      }),
    ),
    ...byEntryOrLine(facts, "ROLE_ARN", byEntry),
  ];
}
