import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { isOlderThan } from "../../derive/client/client-kind.ts";
import { minConfidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import type { CredentialError } from "../../derive/failure/error-sources.ts";
import { orderOfCli } from "../../derive/identity/aws-profile-chain.ts";
import { pluginVariable } from "../../derive/kubeconfig/plugin-environment.ts";
import { documentOf, type Fix, forYou } from "../../fixes/fix.ts";
import { askVersion, programSeen } from "../../fixes/kubeconfig-commands.ts";
import { namesSession, SSO_SESSION_UNREAD } from "../shared/aws-session-rule.ts";
import { errorConclusion } from "../shared/error-rule.ts";

/**
 * Messages of SDKs that do not know the address of Pod Identity's agent, or do not read `[sso-session]`. One pattern, since an
 * error without a match counts as unheard. Source: doctor/AWS-CREDENTIALS.md, "Old programs".
 */
const TOO_OLD =
  /Unsupported host '(?:169\.254\.170\.23|fd00:ec2::23)'|invalid endpoint host, \\?"(?:169\.254\.170\.23|\[?fd00:ec2::23\]?)\\?"|The full URI \(http:\/\/(?:169\.254\.170\.23|\[fd00:ec2::23\])\S{0,80}\) contained within environment variable|169\.254\.170\.23 is not a valid container metadata service hostname|is configured to use SSO but is missing required configuration: (?:sso_start_url, (?:sso_account_id, )?sso_region|sso_region, sso_start_url)/;

/** Current SDKs print it, too, where a program asks for this provider alone. */
const MAY_BE_NEW = /is not a valid container metadata service hostname/;

/** Words of botocore, which the AWS CLI is made of. */
const BOTOCORE = /Unsupported host|The profile/;

/** Older programs ignore a setting or a variable that they do not know. */
const NOTHING_FOUND = /Unable to locate credentials|NoCredentialProviders/;

interface Need {
  readonly error: CredentialError;
  readonly feature: keyof typeof FEATURES;
}

/** What the first versions are that know each. Source: doctor/AWS-CREDENTIALS.md, "Old programs". */
const FEATURES = {
  "EKS Pod Identity": "AWS CLI 2.15.0 (version 1: 1.30.0)",
  "[sso-session] sections": "AWS CLI 2.9.0",
  login_session: "AWS CLI 2.32.0",
} as const;

/** A program that is older than this kind of credentials; its own error blames the profile or the container. */
export const awsProgramTooOld = defineRule({
  cause: {
    id: "L21",
    what: "The program or its AWS SDK is too old for these credentials: EKS Pod Identity, or a profile with sso_session or login_session.",
    seen: "Unsupported host '169.254.170.23', or: missing required configuration: sso_start_url, sso_region",
    remedy: "Update the AWS CLI to 2.9.0 or later, or use a profile without sso_session.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html",
  },
  expects: "the program that needs AWS credentials supports this kind of credentials",
  needs: ["credentialErrors"],
  refuted: (seen) => {
    const need = needOf(seen);
    return need !== undefined && BOTOCORE.test(need.error.quote.line) && isNewCli(seen, need.feature);
  },
  check(_, seen) {
    const need = needOf(seen);
    if (need === undefined) return passed;
    const { error, feature } = need;
    const isSession = feature === "[sso-session] sections";
    const hasSession = isSession ? namesSession(seen) : true;
    if (hasSession === false) return doesNotApply("the profile does not have sso_session");
    const isSure = hasSession === true && !MAY_BE_NEW.test(error.quote.match[0]);
    return found({
      ...errorConclusion(error, (facts) => describe(need, facts)),
      ...(isSure ? {} : { confidence: minConfidence(error.confidence, "likely") }),
      explains: ["L17", "L20", "L1", "L8"],
    });
  },
});

function needOf(seen: Facts): Need | undefined {
  const { credentialErrors } = seen;
  const error = credentialErrors?.match(TOO_OLD);
  if (error !== undefined) {
    const isOfSession = SSO_SESSION_UNREAD.test(error.quote.match[0]);
    return { error, feature: isOfSession ? "[sso-session] sections" : "EKS Pod Identity" };
  }
  const nothing = credentialErrors?.match(NOTHING_FOUND);
  if (nothing !== undefined && podAddress(seen) !== undefined && !isNewCli(seen, "EKS Pod Identity"))
    return {
      error: { ...nothing, confidence: minConfidence(nothing.confidence, "likely") },
      feature: "EKS Pod Identity",
    };
  const isLogin =
    nothing !== undefined && seen.credentials?.chain[0]?.settings["login_session"] !== undefined;
  return isLogin && orderOfCli(seen.evidence)?.knowsLogin === false
    ? { error: nothing, feature: "login_session" }
    : undefined;
}

function podAddress({ pluginEnvironment }: Facts) {
  const address = pluginVariable(pluginEnvironment, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
  return /169\.254\.170\.23|fd00:ec2::23/.test(address?.value ?? "") ? address : undefined;
}

/** The first versions of AWS CLI 1 and 2, the same as in FEATURES; the others are in version 2 only. */
const FIRST = {
  "EKS Pod Identity": { "1": [1, 30], "2": [2, 15] },
  "[sso-session] sections": { "1": [2, 9], "2": [2, 9] },
  login_session: { "1": [2, 32], "2": [2, 32] },
} as const;

/** Whether the AWS CLI is known to support the feature. */
function isNewCli({ execCommand }: Facts, feature: Need["feature"]): boolean {
  const [, version, major] = /^aws-cli\/(([12])\.\d+)/.exec(execCommand?.version ?? "") ?? [];
  return version !== undefined && !isOlderThan(version, FIRST[feature][major === "1" ? "1" : "2"]);
}

function describe({ feature }: Need, facts: Facts) {
  const { exec, evidence, credentials } = facts;
  const program = exec?.program ?? "The program that printed this error";
  const address = podAddress(facts);
  const session = credentials?.chain[0]?.settings["sso_session"];
  return {
    summary: `${program} is too old: it does not support ${feature}.`,
    evidence: [
      ...programSeen(evidence),
      feature === "EKS Pod Identity" &&
        address &&
        `${address.name} is ${address.value}, the EKS Pod Identity agent.`,
      session !== undefined &&
        `The profile has sso_session = ${session}; the start URL and region are in that section.`,
    ],
    falsifiedBy: sentence`${askVersion(exec?.program ?? "aws")} reports ${FEATURES[feature]} or later.`,
    fixes: fixes(feature),
  };
}

const SDKS = documentOf("https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html");
const INSTALL = documentOf("https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html");

function fixes(feature: Need["feature"]): Fix[] {
  const update = `Update it to ${FEATURES[feature]} or later, or to a current AWS SDK; in a container, update the image.`;
  if (feature === "EKS Pod Identity") return [forYou(update, SDKS)];
  if (feature === "login_session") return [forYou(update, INSTALL)];
  return [
    forYou(update, INSTALL),
    forYou(
      "Or, if you cannot update it, use a profile with sso_start_url and sso_region instead of sso_session (run aws configure sso and leave the session name empty).",
    ),
  ];
}
