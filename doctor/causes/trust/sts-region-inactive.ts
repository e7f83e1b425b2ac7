import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Conclusion, type Description, defineRule, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { UNKNOWN_KEY } from "../../derive/failure/error-sources.ts";
import type { Severity } from "../../derive/failure/symptom.ts";
import { isOptInRegion } from "../../derive/identity/sts-host.ts";
import type { ClusterJson } from "../../evidence/evidence.ts";
import { documentOf, forIamAdmin, forYou } from "../../fixes/fix.ts";
import { setExecEnv } from "../../fixes/kubeconfig-commands.ts";
import { errorConclusion } from "../shared/error-rule.ts";

/** Source: STS, "RegionDisabledException". */
const NOT_ACTIVATED = /RegionDisabledException|STS is not activated in this region for account/;

/** EKS's health code if its own verifier cannot use STS in the region. Source: doctor/EKS-ACCESS.md, "Cluster and network". */
const HEALTH_CODE = "StsRegionalEndpointDisabled";

export const stsRegionInactive = defineRule({
  cause: {
    id: "S7",
    what: "STS is not active for the account in the region, or the session keys are not valid there.",
    seen: "401 or InvalidClientTokenId in an opt-in region only",
    remedy: "IAM admin: activate STS in the region (IAM console, Account settings).",
    page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html",
  },
  expects: "STS is active in the cluster's region and accepts the credentials there",
  needs: ["preAuthSeverity"],
  check({ preAuthSeverity: severity }, seen) {
    const conclusion = notActivated(seen, severity) ?? ofFirstVersion(seen);
    return conclusion === undefined ? passed : found(conclusion);
  },
});

function notActivated(seen: Facts, severity: Severity): Conclusion | undefined {
  const error = seen.credentialErrors?.match(NOT_ACTIVATED);
  const isCertain = error?.confidence === "certain" || healthIssue(seen.cluster) !== undefined;
  if (error === undefined && !isCertain) return undefined;
  const confidence = isCertain ? "certain" : (error?.confidence ?? "likely");
  return { severity, confidence, describe: describeInactive };
}

function healthIssue(cluster: ClusterJson | undefined) {
  return cluster?.health?.issues?.find(({ code }) => code === HEALTH_CODE);
}

function describeInactive({ target, cluster, credentialErrors }: Facts): Description {
  const { region } = target;
  const issue = healthIssue(cluster);
  return {
    summary: `AWS STS is not active in ${region} for this account.`,
    evidence: [
      issue && `The cluster's health reports ${HEALTH_CODE}: ${issue.message ?? "no message"}`,
      credentialErrors?.match(NOT_ACTIVATED)?.said,
    ],
    falsifiedBy: sentence`${aws("sts get-caller-identity", { region })} works, and the cluster's health does not report this issue.`,
    fixes: [
      forIamAdmin(
        `In the IAM console, activate ${region} under Account settings > Security Token Service. An opt-in region must be enabled first.`,
        isOptInRegion(region)
          ? aws("account enable-region", { "region-name": region })
          : documentOf("https://console.aws.amazon.com/iam/home#/account_settings"),
      ),
    ],
  };
}

/** Temporary keys from the global endpoint are not valid in opt-in regions. Source: doctor/AWS-CREDENTIALS.md, "Words of AWS". */
function ofFirstVersion(seen: Facts): Conclusion | undefined {
  const error = seen.credentialErrors?.match(UNKNOWN_KEY);
  if (error === undefined || seen.token?.temporary !== true) return undefined;
  const key = seen.token.accessKeyId ?? "";
  const region = seen.token.region ?? seen.exec?.region ?? "";
  if (!isOptInRegion(region)) return undefined;
  const confidence = error.confidence === "certain" ? "likely" : "possible";
  const conclusion = errorConclusion({ ...error, confidence, inferred: false }, (facts) => ({
    summary: `The session keys are not valid in opt-in region ${region}: they came from the global STS endpoint.`,
    evidence: [`Temporary key ${key} is used in ${region}.`],
    falsifiedBy: sentence`${aws("sts get-caller-identity", { region: "us-east-1" })} also fails with the same keys.`,
    fixes: [
      forYou(
        "Get the session keys from a regional endpoint, then log in again.",
        setExecEnv(facts, { AWS_STS_REGIONAL_ENDPOINTS: "regional" }),
      ),
      forIamAdmin(
        "Or make the global endpoint issue keys that are valid in all regions.",
        aws("iam set-security-token-service-preferences", { "global-endpoint-token-version": "v2Token" }),
      ),
    ],
  }));
  return { ...conclusion, explains: ["L6"] };
}
