import { kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Description, defineRule, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { hostRefusal } from "../../derive/identity/sts-host.ts";
import { pluginVariable } from "../../derive/kubeconfig/plugin-environment.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { setExecEnv } from "../../fixes/kubeconfig-commands.ts";

/** Variables that redirect the AWS CLI's STS calls, and therefore the token; the first that is set wins. */
const ENDPOINT_VARIABLES = ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"];

export const stsEndpointForeign = defineRule({
  cause: {
    id: "S6",
    what: "The token is signed for a host that the verifier does not accept.",
    seen: "401, although calls to AWS work",
    remedy: "Make the plugin use the regional STS endpoint of the cluster.",
  },
  expects: "the token is signed for an AWS STS host that the cluster accepts",
  needs: ["preAuthSeverity", "exec"],
  check({ preAuthSeverity: severity, exec }, seen) {
    const signed = seen.token?.host;
    // Without a token: the host for which the plugin would sign, if it follows the AWS CLI's variables.
    const follows = exec.tool === "aws" || exec.tool === "aws-iam-authenticator";
    const host = signed ?? (follows ? configuredHost(seen) : undefined);
    const why = host === undefined ? undefined : refusalOf(host, seen);
    if (host === undefined || why === undefined) return passed;
    return found({
      severity,
      confidence: signed === undefined ? "likely" : "certain",
      inferred: signed === undefined,
      describe: (facts) => describe(facts, host, why),
    });
  },
});

/** Most such hosts are rejected in every partition. */
function refusalOf(host: string, seen: Facts): string | undefined {
  return hostRefusal(host, undefined) ?? hostRefusal(host, seen.targetCluster.partition);
}

function configuredHost(settings: Facts): string | undefined {
  const url = endpointOverride(settings)?.url;
  return url !== undefined && URL.canParse(url) ? new URL(url).host : url;
}

/** What sets a foreign host. Source: AWS SDKs and Tools guide, "Service-specific endpoints". */
function endpointOverride(settings: Facts) {
  const environment = settings.pluginEnvironment;
  const ignored = pluginVariable(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?.value.toLowerCase();
  if (ignored === "true") return undefined;
  for (const name of ENDPOINT_VARIABLES) {
    const variable = pluginVariable(environment, name);
    if (variable !== undefined) return { where: `${name} in ${variable.place}`, url: variable.value };
  }
  const [profile] = settings.credentials?.chain ?? [];
  const url = profile?.settings["endpoint_url"];
  return url === undefined ? undefined : { where: `endpoint_url in profile ${profile?.name}`, url };
}

function describe(facts: Facts, host: string, why: string): Description {
  const override = endpointOverride(facts);
  const isSigned = facts.token?.host !== undefined;
  return {
    summary: `${
      isSigned ? `The token is signed for ${host}` : `${facts.exec?.program} signs its token for ${host}`
    }: ${why}.`,
    evidence: [
      isSigned && `The token's URL points to ${host}.`,
      override && `${override.where}: ${override.url}.`,
    ],
    falsifiedBy: sentence`${kubectl("vouch token explain")} shows host sts.REGION.amazonaws.com (or the partition's equivalent).`,
    fixes: [override === undefined || host === "sts.amazonaws.com" ? useRegional(facts) : ignore(facts)],
  };
}

function useRegional(facts: Facts): Fix {
  const { region } = facts.target;
  return forYou(
    "Make the plugin use STS in the cluster's region.",
    setExecEnv(facts, { AWS_STS_REGIONAL_ENDPOINTS: "regional", AWS_REGION: region }),
  );
}

function ignore(facts: Facts): Fix {
  return forYou(
    "Make this entry ignore the configured endpoint.",
    setExecEnv(facts, { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" }),
  );
}
