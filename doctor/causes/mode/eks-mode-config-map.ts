import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Conclusion, cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { entryArn } from "../../derive/identity/principal-arn.ts";
import { commandWords, flagValue } from "../../derive/kubeconfig/command-words.ts";
import { saysConfigMapMode, wantedEntries } from "../../derive/mapping/authentication-mode.ts";
import { mapsPeople } from "../../derive/mapping/aws-auth-view.ts";
import type { EksCall } from "../../derive/target/eks-call.ts";
import type { AwsAuth } from "../../eks/aws-auth/aws-auth.ts";
import { platformNeed } from "../../eks/mapping/platform-version.ts";
import { isSamePrincipal } from "../../eks/principal/principal.ts";
import { failureOf } from "../../evidence/evidence.ts";
import { setMode } from "../../fixes/access-entry-actions.ts";
import { byEntryOrLine } from "../../fixes/access-entry-fix.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { entryMeant } from "../../fixes/grant-fixes.ts";

/**
 * The cluster reads only aws-auth, but access was attempted through an access entry. If aws-auth maps users and only the caller
 * is missing, the mode is not at fault (A1).
 */
export const eksModeConfigMap = defineRule({
  cause: {
    id: "M1",
    what: "The cluster is in mode CONFIG_MAP, which does not use access entries, and aws-auth does not map the caller.",
    seen: "authentication mode must be set to one of …, or 401",
    remedy: "Cluster admin: map the caller in aws-auth, or change the mode, which cannot be undone.",
    sameAs: ["E1", "A1"],
    page: "https://docs.aws.amazon.com/eks/latest/userguide/setting-up-access-entries.html",
  },
  expects: "the cluster uses access entries",
  needs: ["authenticationMode"],
  check({ authenticationMode }, seen) {
    if (authenticationMode !== "CONFIG_MAP") return passed;
    if (saysConfigMapMode(seen.eksCall?.words)) {
      return found(conclude("certain", `The access entry call failed: “${NEEDS_API}”.`));
    }
    if (seen.symptom?.kind !== "unauthorized" && seen.question?.principal === undefined)
      return doesNotApply("the cluster did not reject the caller");
    if (seen.authFailureConfidence === undefined) return doesNotApply("the cluster accepted the caller");
    const { mapping } = seen;
    if (mapping === undefined) return doesNotApply("the caller is not known");
    const { awsAuth } = mapping;
    if (awsAuth && (mapping.awsAuthMatch !== undefined || mapsPeople(awsAuth)))
      return doesNotApply("users are mapped in aws-auth");
    if (awsAuth === undefined || mapping.awsAuthIsExcerpt) return cannotTell("awsAuth");
    if (seen.failedFixes.some((call) => wantedEntries(call.words) && isForCaller(call, seen)))
      return found(conclude("certain", "An attempt to grant the caller access with an access entry failed."));
    const refusal = failureOf(seen.evidence.accessEntries);
    if (!saysConfigMapMode(refusal)) return doesNotApply("access through an access entry was not attempted");
    return found(conclude("certain", `Listing the access entries failed: ${refusal}`));
  },
});

/** Whether the call was made for the caller, as far as it specifies a principal. */
function isForCaller({ principalArn: arn }: EksCall, { principal }: Facts): boolean {
  return arn === undefined || principal === undefined || isSamePrincipal(arn, principal.arn);
}

const NEEDS_API = "the authentication mode must be set to one of [API, API_AND_CONFIG_MAP]";

/** `shown`: EKS's message when it refused an access-entry call. */
function conclude(confidence: Confidence, shown?: string): Conclusion {
  return {
    confidence,
    explains: ["A1", "E1"],
    describe: (facts) => {
      const { target, mapping, cluster } = facts;
      return {
        summary: `Cluster ${target.cluster} is in mode CONFIG_MAP: it reads only aws-auth and does not use access entries.`,
        evidence: [
          cluster?.accessConfig?.authenticationMode === "CONFIG_MAP" &&
            "accessConfig.authenticationMode is CONFIG_MAP.",
          shown,
          mapping && describeAwsAuth(mapping.awsAuth),
        ],
        falsifiedBy: sentence`${aws("eks describe-cluster", { name: target.cluster, query: "cluster.accessConfig" })} returns a different mode.`,
        fixes: fixes(facts),
      };
    },
  };
}

function describeAwsAuth(awsAuth: AwsAuth | null | undefined): string {
  if (awsAuth === undefined) return "The contents of aws-auth are not known.";
  return awsAuth === null ? "ConfigMap kube-system/aws-auth does not exist." : "aws-auth maps nodes only.";
}

function fixes(facts: Facts): Fix[] {
  const { cluster, principal, eksCall, target, question } = facts;
  const who = eksCall?.principalArn ?? (principal && entryArn(facts, principal)) ?? "PRINCIPAL_ARN";
  const byEntry = forClusterAdmin(
    "Enable access entries on the cluster (aws-auth still applies), then create the access entry.",
    setMode(target, "API_AND_CONFIG_MAP"),
    ...entryMeant(facts, who),
  );
  // A type means that the entry is for nodes.
  const isForUser = flagValue(commandWords(question?.command ?? ""), "--type") === undefined;
  const ways = isForUser ? byEntryOrLine(facts, who, byEntry) : [byEntry];
  const platform = platformNeed(cluster);
  if (platform?.isTooOld !== true) return ways;
  const { least, version, has } = platform;
  const description = `First upgrade the cluster: access entries need platform version ${least} (Kubernetes ${version}), but it runs ${has}.`;
  return [...ways.slice(0, -1), forClusterAdmin(description), ...ways.slice(-1)];
}
