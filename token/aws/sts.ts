import { stsEndpoint } from "../endpoints/aws-endpoint.ts";
import type { Sts, StsPlace } from "./sts-calls.ts";

/**
 * STS in one region. Throws at once where there is none. AWS's own code is loaded with the first call: that takes longer
 * than all else of a token whose credentials are cached.
 */
export function sts(region: string, place: StsPlace): Sts {
  const { host } = stsEndpoint(region, place);
  const client = async () => (await import("./sts-client.ts")).stsClient({ ...place, region, host });
  return {
    assumeWithWebIdentity: async (hop) => (await client()).assumeWithWebIdentity(hop),
    assumeRole: async (hop) => (await client()).assumeRole(hop),
    callerIdentity: async (credentials) => (await client()).callerIdentity(credentials),
  };
}
