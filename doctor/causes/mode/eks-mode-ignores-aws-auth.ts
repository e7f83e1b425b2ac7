import { aws } from "../../../token/command/aws.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { cannotTell, doesNotApply, found, passed } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import type { Principal } from "../../derive/identity/principal.ts";
import { entryArn } from "../../derive/identity/principal-arn.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { associateClusterWide, createEntry } from "../../fixes/access-entry-actions.ts";
import { type Fix, forClusterAdmin } from "../../fixes/fix.ts";

/** Prefixes that access entries do not allow. Source: doctor/EKS-ACCESS.md, "Access entries". */
const RESERVED = /^system:/;

export const eksModeIgnoresAwsAuth = defineRule({
  causes: [
    {
      id: "M2",
      what: "The cluster is in mode API, which ignores aws-auth, and only that names the caller.",
      seen: "401 although aws-auth lists the role",
      sameAs: ["E1"],
    },
  ],
  expects: "the cluster reads aws-auth if that alone lists the caller",
  needs: ["authFailureConfidence", "mapping", "principal"],
  check({ authFailureConfidence: confidence, mapping, principal }, seen) {
    const mode = seen.authenticationMode;
    if (mode !== undefined && mode !== "API") return passed;
    const { awsAuthMatch } = mapping;
    if (awsAuthMatch === undefined) return doesNotApply("aws-auth does not list the caller");
    if (mapping.entry !== undefined) return doesNotApply("the caller has an access entry");
    const { entriesKnown } = mapping;
    // In both other modes such a caller would be let in, or entries could not be listed.
    const isInferred = mode === undefined;
    if (isInferred && (seen.symptom?.kind !== "unauthorized" || !entriesKnown)) return cannotTell("cluster");
    return found({
      confidence: minConfidence(confidence, entriesKnown && !isInferred ? "certain" : "likely"),
      inferred: isInferred,
      explains: ["E1", "A1", "A2", "A3", "A13", "A16"],
      describe: (facts) => ({
        summary: `Only aws-auth lists ${principal.canonicalArn}, and cluster ${facts.target.cluster} (mode API) does not read aws-auth.`,
        evidence: [
          isInferred
            ? "The mode is not known; entries can be listed, and the API server answers 401 to somebody whom aws-auth lists."
            : "accessConfig.authenticationMode is API.",
          `aws-auth has it under ${awsAuthMatch.by}: username ${awsAuthMatch.username}, groups ${awsAuthMatch.groups.join(", ") || "none"}.`,
          entriesKnown
            ? "The list of access entries does not have it."
            : "The list of access entries is not known.",
        ],
        falsifiedBy: sentence`${aws("eks list-access-entries", { "cluster-name": facts.target.cluster })} has the role (with its path).`,
        fixes: [entryFix(facts, principal, awsAuthMatch.groups)],
      }),
    });
  },
});

/** The rights of the aws-auth line as an access entry: ordinary groups are kept, `system:masters` becomes a policy. */
function entryFix(facts: Facts, principal: Principal, groups: readonly string[]): Fix {
  const { target } = facts;
  const who = entryArn(facts, principal);
  const kept = groups.filter((group) => !RESERVED.test(group));
  const isMaster = groups.includes("system:masters");
  const policy = isMaster ? "AmazonEKSClusterAdminPolicy" : "AmazonEKSViewPolicy";
  const needsPolicy = isMaster || kept.length === 0;
  return forClusterAdmin(
    "Create an access entry with the rights that aws-auth meant.",
    createEntry(target, who, { kubernetesGroups: kept }),
    ...(needsPolicy ? [associateClusterWide(target, who, policy)] : []),
  );
}
