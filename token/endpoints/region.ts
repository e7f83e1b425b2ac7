import { VouchError } from "../errors/errors.ts";
import { stsHost } from "../hot/sts-host.ts";

/** Throws `region-invalid` for what AWS does not take for a region. */
export function requireRegion(region: string): void {
  if (stsHost(region, { fips: false, dualStack: false }) === undefined)
    throw new VouchError("region-invalid", `${JSON.stringify(region)} is not the name of an AWS region.`);
}
