import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { preAuthSeverity } from "../../derive/failure/pre-auth-severity.ts";
import { hostRefusal } from "../../derive/identity/token-host.ts";
import { pluginEnvironment, pluginVariable } from "../../derive/kubeconfig/plugin-environment.ts";
import { targetCluster } from "../../derive/target/target-cluster.ts";
import type { Fix } from "../../fixes/fix.ts";
import { setExecEnv } from "../../fixes/kubeconfig-commands.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/** Variables that send the AWS CLI's STS calls, and so the token, somewhere else; the first wins. */
const ENDPOINT_VARIABLES = ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"];

export const stsEndpointForeign = defineLegacyRule({
  code: "sts-endpoint-foreign",
  stage: "token",
  causes: ["S6"],
  expects: "the token is signed for a host of AWS STS that the cluster accepts",
  needs: ["exec"],
  needsOneOf: ["token", "credentials"],
  judge(facts) {
    const severity = preAuthSeverity(facts);
    const shown = severity === undefined ? undefined : (signedHost(facts) ?? configuredHost(facts));
    if (severity === undefined || shown === undefined) return [];
    const override = endpointOverride(facts);
    return [
      {
        cause: "S6",
        stage: "token",
        severity,
        ...shown,
        evidence: [
          ...shown.evidence,
          ...(override === undefined ? [] : [`${override.where}: ${override.url}.`]),
        ],
        falsifiedBy: sentence`${kubectl("vouch token explain")} shows a host sts.REGION.amazonaws.com (or the partition's own).`,
        fixes: fixes(facts, override),
      },
    ];
  },
});

type Shown = Pick<LegacyFinding, "confidence" | "summary" | "evidence" | "inferred">;

function signedHost({ token, ...facts }: Facts): Shown | undefined {
  const host = token?.host;
  if (host === undefined) return undefined;
  const why = hostRefusal(host, targetCluster(facts).partition);
  if (why === undefined) return undefined;
  return {
    confidence: "certain",
    summary: `The token is signed for ${host}, and the cluster refuses that host: ${why}.`,
    evidence: [`The token's URL goes to ${host}.`],
  };
}

/** Without a token: what the plugin would sign, if it follows the AWS CLI's variables. */
function configuredHost(facts: Facts): Shown | undefined {
  const { token, exec } = facts;
  const override = endpointOverride(facts);
  const follows = exec?.tool === "aws" || exec?.tool === "aws-iam-authenticator";
  if (token?.host !== undefined || override === undefined || !follows) return undefined;
  const host = URL.canParse(override.url) ? new URL(override.url).host : override.url;
  const why = hostRefusal(host, targetCluster(facts).partition);
  if (why === undefined) return undefined;
  return {
    confidence: "likely",
    inferred: true,
    summary: `${exec.program} signs its token for ${host}, and the cluster refuses that host: ${why}.`,
    evidence: [],
  };
}

interface Override {
  readonly where: string;
  readonly url: string;
}

/** Where a foreign host comes from. Source: AWS SDKs and Tools guide, "Service-specific endpoints". */
function endpointOverride(facts: Facts): Override | undefined {
  const environment = pluginEnvironment(facts);
  const ignored = pluginVariable(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?.value.toLowerCase();
  if (ignored === "true") return undefined;
  for (const name of ENDPOINT_VARIABLES) {
    const variable = pluginVariable(environment, name);
    const place = variable?.origin === "exec.env" ? "the exec block's env" : "the environment";
    if (variable !== undefined) return { where: `${name} in ${place}`, url: variable.value };
  }
  const [profile] = facts.credentials?.chain ?? [];
  const url = profile?.settings["endpoint_url"];
  return url === undefined ? undefined : { where: `endpoint_url of profile ${profile?.name}`, url };
}

function fixes(facts: Facts, override: Override | undefined): Fix[] {
  const { token, exec } = facts;
  if (token?.host === "sts.amazonaws.com" || override === undefined) {
    const { region } = targetCluster(facts);
    return [
      {
        audience: "you",
        description: "Let the plugin use the regional STS of the cluster.",
        actions: [
          setExecEnv(facts, {
            AWS_STS_REGIONAL_ENDPOINTS: "regional",
            AWS_REGION: region ?? exec?.region ?? "REGION",
          }),
        ],
      },
    ];
  }
  return [
    {
      audience: "you",
      description: "Let this entry ignore the configured endpoint.",
      actions: [setExecEnv(facts, { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" })],
    },
  ];
}
