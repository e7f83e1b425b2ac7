import { type Env, envValue } from "../env.ts";
import { VouchError } from "../errors.ts";
import { flagVariable } from "../hot/flag-variable.ts";
import { type StsHostOptions, stsHost } from "../hot/sts-host.ts";

/** Reads `AWS_USE_FIPS_ENDPOINT` and `AWS_USE_DUALSTACK_ENDPOINT`. Throws `config-invalid` for anything but true or false. */
export function stsHostOptions(env: Env): StsHostOptions {
  return { fips: flag(env, "AWS_USE_FIPS_ENDPOINT"), dualStack: flag(env, "AWS_USE_DUALSTACK_ENDPOINT") };
}

/** The STS host that is signed into a token for this region: always AWS's own. Throws when there is none. */
export function signedStsHost(region: string, env: Env): string {
  const options = stsHostOptions(env);
  const host = stsHost(region, options);
  if (host !== undefined) return host;
  if (stsHost(region, { fips: false, dualStack: false }) === undefined) {
    throw new VouchError("region-invalid", `${JSON.stringify(region)} is not the name of an AWS region.`);
  }
  throw new VouchError(
    "config-invalid",
    `AWS_USE_DUALSTACK_ENDPOINT is true, but EKS in ${region} accepts no token signed for a dual-stack host.`,
    { hint: "Run `unset AWS_USE_DUALSTACK_ENDPOINT`, then the command again." },
  );
}

/**
 * Where the exchange with STS is sent: `AWS_ENDPOINT_URL_STS`, `AWS_ENDPOINT_URL`, else AWS's own host. Never what is
 * signed into a token.
 *
 * Source: AWS SDKs and Tools reference guide, "Service-specific endpoints".
 */
export function stsEndpoint(region: string, env: Env): URL {
  return endpointOverride("STS", env) ?? new URL(`https://${signedStsHost(region, env)}`);
}

/** The address that `AWS_ENDPOINT_URL_<SERVICE>` or `AWS_ENDPOINT_URL` names; undefined when AWS's own is meant. */
export function endpointOverride(service: "STS" | "EKS" | "IAM", env: Env): URL | undefined {
  const ignored = flag(env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
  const variable = [`AWS_ENDPOINT_URL_${service}`, "AWS_ENDPOINT_URL"].find(
    (name) => !ignored && envValue(env, name) !== undefined,
  );
  if (variable === undefined) return undefined;

  const text = envValue(env, variable) ?? "";
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text);
  throw new VouchError(
    "config-invalid",
    `${variable} is ${JSON.stringify(text)}, which is not an http or https address.`,
    { hint: `Run \`unset ${variable}\`, then the command again.` },
  );
}

function flag(env: Env, name: string): boolean {
  const value = flagVariable(env[name]);
  if (value !== undefined) return value;
  throw new VouchError(
    "config-invalid",
    `${name} is ${JSON.stringify(env[name])}; AWS knows true and false.`,
    {
      hint: `Run \`unset ${name}\`, then the command again.`,
    },
  );
}
