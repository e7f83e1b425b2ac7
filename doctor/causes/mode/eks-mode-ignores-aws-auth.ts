import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { minConfidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { entryArn } from "../../derive/identity/principal-arn.ts";
import type { Principal } from "../../eks/principal/principal.ts";
import { associateClusterWide, createEntry } from "../../fixes/access-entry-actions.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";

/** Prefixes that access entries do not allow. Source: doctor/EKS-ACCESS.md, "Access entries". */
const RESERVED = /^system:/;

export const eksModeIgnoresAwsAuth = defineRule({
  cause: {
    id: "M2",
    what: "Only aws-auth maps the caller, but the cluster is in mode API, which ignores aws-auth.",
    seen: "401 although aws-auth lists the role",
    remedy: "Cluster admin: create an access entry with the permissions that aws-auth granted.",
    sameAs: ["E1"],
    page: "https://docs.aws.amazon.com/eks/latest/userguide/setting-up-access-entries.html",
  },
  expects: "the cluster reads aws-auth if only aws-auth maps the caller",
  needs: ["authFailureConfidence", "mapping", "principal"],
  check({ authFailureConfidence: confidence, mapping, principal }, seen) {
    const mode = seen.authenticationMode;
    if (mode !== undefined && mode !== "API") return passed;
    const { awsAuthMatch } = mapping;
    if (awsAuthMatch === undefined) return doesNotApply("aws-auth does not map the caller");
    if (mapping.entry !== undefined) return doesNotApply("the caller has an access entry");
    const { entriesKnown } = mapping;
    // In both other modes such a caller would have access, or entries could not be listed.
    const isInferred = mode === undefined;
    if (isInferred && (seen.symptom?.kind !== "unauthorized" || !entriesKnown)) return cannotTell("cluster");
    return found({
      confidence: minConfidence(confidence, entriesKnown && !isInferred ? "certain" : "likely"),
      inferred: isInferred,
      explains: ["E1", "A1", "A2", "A3", "A13", "A16"],
      describe: (facts) => ({
        summary: `Only aws-auth maps ${principal.canonicalArn}, but cluster ${facts.target.cluster} (mode API) ignores aws-auth.`,
        evidence: [
          isInferred
            ? "The mode is not known, but access entries can be listed, and the API server returns 401 to a caller that aws-auth maps."
            : "accessConfig.authenticationMode is API.",
          `aws-auth maps it under ${awsAuthMatch.by}: username ${awsAuthMatch.username}, groups ${awsAuthMatch.groups.join(", ") || "none"}.`,
          entriesKnown
            ? "It is not in the list of access entries."
            : "The list of access entries is not known.",
        ],
        falsifiedBy: sentence`${aws("eks list-access-entries", { "cluster-name": facts.target.cluster })} lists the role (with its path).`,
        fixes: [entryFix(facts, principal, awsAuthMatch.groups)],
      }),
    });
  },
});

/** The permissions of the aws-auth mapping as an access entry: ordinary groups stay, `system:masters` becomes a policy. */
function entryFix(facts: Facts, principal: Principal, groups: readonly string[]): Fix {
  const { target } = facts;
  const who = entryArn(facts, principal);
  const kept = groups.filter((group) => !RESERVED.test(group));
  const isMaster = groups.includes("system:masters");
  const policy = isMaster ? "AmazonEKSClusterAdminPolicy" : "AmazonEKSViewPolicy";
  const needsPolicy = isMaster || kept.length === 0;
  return forClusterAdmin(
    "Create an access entry with the permissions that aws-auth was meant to grant.",
    createEntry(target, who, { kubernetesGroups: kept }),
    ...(needsPolicy ? [associateClusterWide(target, who, policy)] : []),
  );
}
