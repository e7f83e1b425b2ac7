import { unsetVariables } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { requireRegion } from "../endpoints/region.ts";
import type { Env } from "../env.ts";
import { VouchError } from "../errors/errors.ts";
import { flagVariable } from "../hot/flag-variable.ts";
import { type StsHostOptions, stsHost } from "../hot/sts-host.ts";

/** Reads `AWS_USE_FIPS_ENDPOINT` and `AWS_USE_DUALSTACK_ENDPOINT`. Throws `config-invalid` for anything but true or false. */
export function stsHostOptions(env: Env): StsHostOptions {
  return { fips: flag(env, "AWS_USE_FIPS_ENDPOINT"), dualStack: flag(env, "AWS_USE_DUALSTACK_ENDPOINT") };
}

/** The STS host that is signed into a token for this region, always AWS's own. Throws if there is none. */
export function signedStsHost(region: string, env: Env): string {
  const options = stsHostOptions(env);
  const host = stsHost(region, options);
  if (host !== undefined) return host;
  requireRegion(region);
  throw new VouchError(
    "config-invalid",
    `AWS_USE_DUALSTACK_ENDPOINT is true, but EKS in ${region} does not accept tokens signed for a dual-stack host.`,
    { hint: "Run `unset AWS_USE_DUALSTACK_ENDPOINT` and try again." },
  );
}

function flag(env: Env, name: string): boolean {
  const value = flagVariable(env[name]);
  if (value !== undefined) return value;
  throw new VouchError(
    "config-invalid",
    `${name} is ${JSON.stringify(env[name])}; AWS accepts only true or false.`,
    {
      hint: withCommands`Run ${unsetVariables(name)} and try again.`,
    },
  );
}
