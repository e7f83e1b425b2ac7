import { VouchError } from "../errors/errors.ts";
import { stsHost } from "../hot/sts-host.ts";

/** Whether AWS accepts it as a region name. */
export function isRegion(region: string): boolean {
  return stsHost(region, { fips: false, dualStack: false }) !== undefined;
}

/** Throws `region-invalid` if AWS does not accept it as a region name. */
export function requireRegion(region: string): void {
  if (!isRegion(region))
    throw new VouchError("region-invalid", `${JSON.stringify(region)} is not an AWS region.`);
}
