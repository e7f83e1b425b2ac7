import { aws } from "../../../token/command/aws.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { type Conclusion, cannotTell, doesNotApply, found, passed } from "../../check/verdict.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { isSamePrincipal } from "../../derive/identity/principal.ts";
import { entryArn } from "../../derive/identity/principal-arn.ts";
import { commandWords, flagValue } from "../../derive/kubeconfig/command-words.ts";
import { saysConfigMapMode, wantedEntries } from "../../derive/mapping/authentication-mode.ts";
import type { AwsAuth } from "../../derive/mapping/aws-auth.ts";
import { mapsPeople } from "../../derive/mapping/aws-auth-people.ts";
import { platformNeed } from "../../derive/mapping/platform-version.ts";
import type { EksCall } from "../../derive/target/eks-call.ts";
import { failureOf } from "../../evidence/evidence.ts";
import { setMode } from "../../fixes/access-entry-actions.ts";
import { byEntryOrLine } from "../../fixes/access-entry-fix.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";
import { entryMeant } from "../../fixes/meant-policy.ts";

/**
 * The cluster only reads aws-auth, and somebody wants access by an access entry. If aws-auth maps people, and only the caller is
 * missing there, the mode is not at fault (A1).
 */
export const eksModeConfigMap = defineRule({
  causes: [
    {
      id: "M1",
      what: "The cluster is in mode CONFIG_MAP, which has no access entries, and aws-auth does not name the caller.",
      seen: "authentication mode must be set to one of …, or 401",
      sameAs: ["E1", "A1"],
    },
  ],
  expects: "the cluster reads access entries",
  needs: ["authenticationMode"],
  check({ authenticationMode }, seen) {
    if (authenticationMode !== "CONFIG_MAP") return passed;
    if (saysConfigMapMode(seen.eksCall?.words)) {
      return found(conclude("certain", `The access-entry call is refused: “${NEEDS_API}”.`));
    }
    if (seen.symptom?.kind !== "unauthorized" && seen.question?.principal === undefined)
      return doesNotApply("the cluster refused nobody");
    if (seen.authFailureConfidence === undefined) return doesNotApply("the cluster accepted the caller");
    const { mapping } = seen;
    if (mapping === undefined) return doesNotApply("it is not known who calls");
    const { awsAuth } = mapping;
    if (awsAuth && (mapping.awsAuthMatch !== undefined || mapsPeople(awsAuth)))
      return doesNotApply("people get in by aws-auth");
    if (awsAuth === undefined || mapping.awsAuthIsExcerpt) return cannotTell("awsAuth");
    if (seen.failedFixes.some((call) => wantedEntries(call.words) && isForCaller(call, seen)))
      return found(conclude("certain", "Somebody tried to let the caller in by an access entry."));
    const refusal = failureOf(seen.evidence.accessEntries);
    if (!saysConfigMapMode(refusal)) return doesNotApply("nobody tries to get in by an access entry");
    return found(conclude("certain", `Listing the access entries failed: ${refusal}`));
  },
});

/** Whether the call was made for the caller, as far as it names a principal. */
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
        summary: `Cluster ${target.cluster} is in mode CONFIG_MAP: it has no access entries, and reads only aws-auth.`,
        evidence: [
          cluster?.accessConfig?.authenticationMode === "CONFIG_MAP" &&
            "accessConfig.authenticationMode is CONFIG_MAP.",
          shown,
          mapping && sayAwsAuth(mapping.awsAuth),
        ],
        falsifiedBy: sentence`${aws("eks describe-cluster", { name: target.cluster, query: "cluster.accessConfig" })} says another mode.`,
        fixes: fixes(facts),
      };
    },
  };
}

function sayAwsAuth(awsAuth: AwsAuth | null | undefined): string {
  if (awsAuth === undefined) return "What aws-auth says is not known.";
  return awsAuth === null ? "There is no ConfigMap kube-system/aws-auth." : "aws-auth maps nodes only.";
}

function fixes(facts: Facts): Fix[] {
  const { cluster, principal, eksCall, target, question } = facts;
  const who = eksCall?.principalArn ?? (principal && entryArn(facts, principal)) ?? "PRINCIPAL_ARN";
  const byEntry = forClusterAdmin(
    "Let the cluster read access entries too (aws-auth still applies), then create the entry.",
    setMode(target, "API_AND_CONFIG_MAP"),
    ...entryMeant(facts, who),
  );
  // A type means that the entry is for nodes.
  const isPerson = flagValue(commandWords(question?.command ?? ""), "--type") === undefined;
  const ways = isPerson ? byEntryOrLine(facts, who, byEntry) : [byEntry];
  const platform = platformNeed(cluster);
  if (platform?.isTooOld !== true) return ways;
  const { least, version, has } = platform;
  const description = `First upgrade the cluster: entries need platform ${least} of Kubernetes ${version}, it has ${has}.`;
  return [...ways.slice(0, -1), forClusterAdmin(description), ...ways.slice(-1)];
}
