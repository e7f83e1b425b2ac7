import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { refusalIn } from "../../derive/failure/error-sources.ts";
import { preAuthSeverity } from "../../derive/failure/pre-auth-severity.ts";
import { isOptInRegion } from "../../derive/identity/opt-in-region.ts";
import { targetCluster } from "../../derive/target/target-cluster.ts";
import { aws } from "../../fixes/aws.ts";
import type { Fix } from "../../fixes/fix.ts";
import { documentOf } from "../../fixes/fix.ts";
import { setExecEnv } from "../../fixes/kubeconfig-commands.ts";

/** Source: STS, "RegionDisabledException". */
const NOT_ACTIVATED = /RegionDisabledException|STS is not activated in this region for account/;

/**
 * What AWS says to a session token of the first version in an opt-in region.
 * Source: doctor/AWS-CREDENTIALS.md, "Words of AWS".
 */
const UNKNOWN_KEY = /InvalidClientTokenId|security token included in the request is invalid/;

/**
 * What EKS says when its own verifier cannot use STS in the region.
 * Source: doctor/EKS-ACCESS.md, "Cluster and network".
 */
const HEALTH_CODE = "StsRegionalEndpointDisabled";

export const stsRegionInactive = defineLegacyRule({
  code: "sts-region-inactive",
  stage: "trust",
  causes: ["S7"],
  expects: "STS is active in the cluster's region and takes the credentials there",
  needs: [],
  needsOneOf: ["errorSources", "cluster"],
  judge(facts) {
    const shown = notActivated(facts) ?? wrongVersion(facts);
    if (shown === undefined) return [];
    return [{ cause: "S7", stage: "trust", ...shown }];
  },
});

type Shown = Omit<LegacyFinding, "cause" | "stage">;

function notActivated(facts: Facts): Shown | undefined {
  const issue = facts.cluster?.health?.issues?.find(({ code }) => code === HEALTH_CODE);
  const refusal = refusalIn(facts, NOT_ACTIVATED);
  const severity = preAuthSeverity(facts);
  if (severity === undefined || (issue === undefined && refusal === undefined)) return undefined;
  const region = targetCluster(facts).region ?? "REGION";
  return {
    severity,
    confidence: issue === undefined ? (refusal?.confidence ?? "likely") : "certain",
    summary: `AWS STS is not active in ${region} for this account.`,
    evidence: [
      ...(issue === undefined
        ? []
        : [`The cluster's health says ${HEALTH_CODE}: ${issue.message ?? "no message"}`]),
      ...(refusal === undefined ? [] : [refusal.said]),
    ],
    falsifiedBy: sentence`${aws("sts get-caller-identity", { region })} works, and the cluster's health has no such issue.`,
    fixes: [
      {
        audience: "iam-admin",
        description: `In the IAM console, Account settings, Security Token Service: activate ${region}. An opt-in region is enabled first.`,
        actions: [
          isOptInRegion(region)
            ? aws("account enable-region", { "region-name": region })
            : documentOf("https://console.aws.amazon.com/iam/home#/account_settings"),
        ],
      },
    ],
  };
}

/** Temporary keys from the global endpoint are not valid in regions that an account must switch on. */
function wrongVersion(facts: Facts): Shown | undefined {
  const { token, exec } = facts;
  const region = token?.region ?? exec?.region ?? "";
  const refusal = refusalIn(facts, UNKNOWN_KEY);
  if (refusal === undefined || token?.temporary !== true || !isOptInRegion(region)) return undefined;
  return {
    severity: refusal.severity,
    confidence: refusal.confidence === "certain" ? "likely" : "possible",
    summary: `The session keys are not valid in ${region}, which is an opt-in region: they came from the global STS endpoint.`,
    evidence: [refusal.said, `Key ${token.accessKeyId ?? ""} is a temporary one, used in ${region}.`],
    falsifiedBy: sentence`With the same keys, ${aws("sts get-caller-identity", { region: "us-east-1" })} is refused too.`,
    fixes: versionFixes(facts),
    explains: ["L6"],
  };
}

function versionFixes(facts: Facts): Fix[] {
  return [
    {
      audience: "you",
      description: "Get the session keys from a regional endpoint; then log in again.",
      actions: [setExecEnv(facts, { AWS_STS_REGIONAL_ENDPOINTS: "regional" })],
    },
    {
      audience: "iam-admin",
      description: "Or let the global endpoint give keys that are valid in all regions.",
      actions: [
        aws("iam set-security-token-service-preferences", { "global-endpoint-token-version": "v2Token" }),
      ],
    },
  ];
}
