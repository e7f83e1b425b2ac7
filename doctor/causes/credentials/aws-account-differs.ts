import { cannotTell, type Description, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { canHaveEntry, entryArn } from "../../derive/identity/principal-arn.ts";
import { isOwnRole } from "../../derive/identity/workload.ts";
import { isMapped } from "../../eks/mapping/mapping.ts";
import { type Principal, principalOfArn } from "../../eks/principal/principal.ts";
import { type DoctorEvidence, failureOf } from "../../evidence/evidence.ts";
import { openToEntries } from "../../fixes/access-entry-fix.ts";
import { type Fix, forClusterAdmin, forYou } from "../../fixes/fix.ts";
import { entryMeant, withMeant } from "../../fixes/grant-fixes.ts";
import { chooseProfile } from "../../fixes/profile-choice.ts";
import { describeCaller } from "../shared/caller-words.ts";

export const awsAccountDiffers = defineRule({
  cause: {
    id: "L7",
    what: "The profile is for a different AWS account, which has a role with the same name.",
    seen: "401",
    remedy:
      "Use a profile of the cluster's account. Or, as cluster admin, grant access to the other account's role.",
  },
  expects:
    "the caller is in the cluster's AWS account, or the cluster maps this caller from a different account",
  needs: ["preAuthSeverity", "principal"],
  check({ preAuthSeverity: severity, principal }, seen) {
    const { account } = seen.targetCluster;
    if (account === undefined) return cannotTell("cluster");
    if (principal.account === account || isMapped(seen.mapping)) return passed;
    if (isOwnRole(seen.evidence, principal))
      return doesNotApply("the caller has the role assigned to its pod");
    const isUnmapped = seen.mapping?.by === "nobody";
    const isShown = isUnmapped || notFound(seen.evidence) !== undefined;
    return found({
      severity,
      confidence: isUnmapped && twinOf(seen) !== undefined ? "certain" : isShown ? "likely" : "possible",
      inferred: !isShown,
      explains: isUnmapped ? ["E1", "A1"] : [],
      describe: (facts) => describe(facts, principal, account),
    });
  },
  suspected: {
    unauthorized: {
      causes: ["L7"],
      suspicion: ({ principal, exec, target, cluster }) => {
        if (principal === undefined || cluster !== undefined) return undefined;
        return {
          hinted: false,
          summary: `The credentials are for AWS account ${principal.account}, but cluster ${target.cluster} may be in a different account.`,
          hints: exec?.profile === undefined ? [] : [`The plugin uses profile ${exec.profile}.`],
          audience: "you",
          confirmedBy: "The cluster's ARN contains a different account ID.",
        };
      },
    },
  },
});

/** A principal with the same name in another account, which the cluster maps. */
function twinOf({ mapping, authenticationMode: mode }: Facts): string | undefined {
  const similar = [
    ...(mode === "CONFIG_MAP" ? [] : (mapping?.nearMisses ?? [])),
    ...(mode === "API" ? [] : (mapping?.awsAuthNearMisses ?? [])),
  ];
  return similar.find(({ differs }) => differs === "account")?.principalArn;
}

/** EKS's answer in the caller's account, if it does not find the cluster. */
function notFound({ cluster }: Pick<DoctorEvidence, "cluster">): string | undefined {
  const failure = failureOf(cluster);
  return failure?.includes("No cluster found") ? failure : undefined;
}

/** `account`: the cluster's. */
function describe(facts: Facts, principal: Principal, account: string): Description {
  const { mapping, credentials, evidence, targetCluster } = facts;
  const twin = twinOf(facts);
  const answer = notFound(evidence);
  const cluster = targetCluster.name === undefined ? "the cluster" : `cluster ${targetCluster.name}`;
  return {
    summary: `The caller is in account ${principal.account}, but ${cluster} is in account ${account}.`,
    evidence: [
      describeCaller(facts, principal.arn),
      twin &&
        `The cluster maps ${twin}, which has the same name in account ${principalOfArn(twin)?.account}.`,
      answer && `EKS in account ${principal.account} returns: ${answer}`,
      mapping?.by === "nobody" && "Neither an access entry nor an aws-auth mapping matches the caller.",
      credentials && `Credential source: ${credentials.why}.`,
    ],
    falsifiedBy: `The cluster has an access entry for ${principal.canonicalArn} (its principal can be in a different account).`,
    fixes: fixes(facts, principal, account),
  };
}

function fixes(facts: Facts, principal: Principal, account: string): Fix[] {
  const who = entryArn(facts, principal);
  return [
    forYou(`Use an AWS profile for account ${account}.`, ...chooseProfile(facts, account)),
    forClusterAdmin(
      `Or create an access entry for ${canHaveEntry(principal) ? "the principal" : "a role"} in account ${principal.account}, ${withMeant(facts, who)}.`,
      ...openToEntries(facts),
      ...entryMeant(facts, who),
    ),
  ];
}
