import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { preAuthSeverity } from "../../derive/failure/pre-auth-severity.ts";
import { awsProfiles, profileIdentity } from "../../derive/identity/aws-profile-chain.ts";
import type { Principal } from "../../derive/identity/principal.ts";
import { principalOfArn } from "../../derive/identity/principal.ts";
import { targetCluster } from "../../derive/target/target-cluster.ts";
import { failureOf } from "../../evidence/evidence.ts";
import { aws } from "../../fixes/aws.ts";
import type { Fix } from "../../fixes/fix.ts";
import { useProfile } from "../../fixes/kubeconfig-commands.ts";

export const awsAccountDiffers = defineLegacyRule({
  code: "aws-account-differs",
  stage: "credentials",
  causes: ["L7"],
  expects: "the caller is of the cluster's account, or the cluster maps the other one",
  needs: ["principal"],
  judge(facts) {
    const { principal, mapping, credentials } = facts;
    const severity = preAuthSeverity(facts);
    const { account, name } = targetCluster(facts);
    if (severity === undefined || account === undefined || principal.account === account) return [];
    if (mapping?.by === "entry" || mapping?.by === "aws-auth") return [];
    const twin = mapping?.nearMisses.find(({ differs }) => differs === "account");
    const isUnmapped = mapping?.by === "nobody";
    const notThere = /No cluster found/.exec(failureOf(facts.evidence.cluster) ?? "");
    return [
      {
        cause: "L7",
        stage: "credentials",
        severity,
        confidence:
          isUnmapped && twin !== undefined ? "certain" : isUnmapped || notThere ? "likely" : "possible",
        inferred: !isUnmapped && !notThere,
        summary: `The caller belongs to account ${principal.account}, ${name === undefined ? "the cluster" : `cluster ${name}`} to ${account}.`,
        evidence: [
          `AWS says that the caller is ${principal.arn}.`,
          ...(twin === undefined
            ? []
            : [
                `The cluster lets in ${twin.principalArn}: the same name in account ${principalOfArn(twin.principalArn)?.account}.`,
              ]),
          ...(notThere
            ? [`EKS in account ${principal.account} says: ${failureOf(facts.evidence.cluster)}`]
            : []),
          ...(isUnmapped ? ["Neither an access entry nor aws-auth names the caller."] : []),
          ...(credentials === undefined ? [] : [`Where these credentials come from: ${credentials.why}.`]),
        ],
        falsifiedBy: `The cluster has an access entry for ${principal.canonicalArn} (entries may be of other accounts).`,
        fixes: fixes(facts, principal, account),
        explains: isUnmapped ? ["E1", "A1"] : [],
      },
    ];
  },
});

function fixes(facts: Facts, principal: Principal, account: string): Fix[] {
  const { name, region } = targetCluster(facts);
  const there = [...awsProfiles(facts.evidence).byName.values()].filter(
    (profile) => profileIdentity(profile)?.account === account,
  );
  const [profile] = there.length === 1 ? there : [];
  return [
    {
      audience: "you",
      description: `Use a profile of account ${account}.`,
      actions: [
        ...(profile === undefined ? [aws("configure list-profiles")] : []),
        useProfile(facts, profile?.name),
      ],
    },
    {
      audience: "cluster-admin",
      description: "Or let the other account's principal in.",
      actions: [
        aws("eks create-access-entry", {
          "cluster-name": name ?? "CLUSTER",
          region: region ?? "REGION",
          "principal-arn": principal.canonicalArn,
        }),
      ],
    },
  ];
}
