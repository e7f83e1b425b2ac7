import { partitionOfRegion } from "./partition.ts";

/** Which of AWS's STS hosts to use. */
export interface StsHostOptions {
  readonly fips: boolean;
  readonly dualStack: boolean;
}

/** The form of AWS's region names: lower-case words joined by hyphens, ending in a number. */
const REGION = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/;

/**
 * The regional STS host that an EKS verifier accepts in a token. Undefined if there is none: for an invalid region, and for
 * dual-stack in a partition whose verifier refuses it. No environment variable changes the host, and it never has a port.
 *
 * Source: token/eks/EKS-TOKEN.md, "Hosts".
 */
export function stsHost(region: string, { fips, dualStack }: StsHostOptions): string | undefined {
  if (!REGION.test(region)) return undefined;
  const partition = partitionOfRegion(region);
  const suffix = dualStack ? partition.dualStackSuffix : partition.dnsSuffix;
  if (suffix === undefined) return undefined;
  const ordinaryIsFips = partition.id === "aws-us-gov" && !dualStack;
  return `${fips && !ordinaryIsFips ? "sts-fips" : "sts"}.${region}.${suffix}`;
}
