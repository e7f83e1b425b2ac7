import { PARTITIONS, type Partition, partitionById, partitionOfRegion } from "../hot/partition.ts";
import { stsHost } from "../hot/sts-host.ts";

/** EKS clusters that accept tokens for one host: all of a partition, or only those in one of its regions. */
export interface AcceptingClusters {
  readonly partition: string;
  readonly region?: string;
}

/** The one host of STS that belongs to no region. Source: EKS-TOKEN.md, "Hosts". */
const GLOBAL_HOST = "sts.amazonaws.com";
/** The SDK's region name for the global host; it has no ordinary host. */
const NO_HOST = "sts.aws-global.amazonaws.com";

/** Source: EKS-TOKEN.md, "Hosts". */
const REGION_LABEL = /^[0-9a-z](?:[0-9a-z-]*[0-9a-z])?$/i;

/** Regions that a verifier's SDK assigns to a partition other than `aws`. Source: EKS-TOKEN.md, "Hosts". */
const SDK_REGIONS: Readonly<Record<string, RegExp>> = {
  "aws-cn": /^(?:cn-\w+-\d+|aws-cn-global)$/,
  "aws-us-gov": /^(?:us-gov-\w+-\d+|aws-us-gov-global)$/,
  "aws-eusc": /^eusc-de-\w+-\d+$/,
  "aws-iso": /^(?:us-iso-\w+-\d+|aws-iso-global)$/,
  "aws-iso-b": /^(?:us-isob-\w+-\d+|aws-iso-b-global)$/,
  "aws-iso-e": /^(?:eu-isoe-\w+-\d+|aws-iso-e-global)$/,
  "aws-iso-f": /^(?:us-isof-\w+-\d+|aws-iso-f-global)$/,
};

/**
 * The clusters whose verifiers accept a token signed for this host; none for a host that is not AWS's own for STS. Whether the
 * region exists is not checked: STS is called there.
 *
 * Source: EKS-TOKEN.md, "Hosts".
 */
export function acceptingClusters(host: string): readonly AcceptingClusters[] {
  if (host === GLOBAL_HOST) return [{ partition: "aws" }];
  const [service = "", region = "", ...domain] = host.split(".");
  if (host === NO_HOST || !REGION_LABEL.test(region)) return [];
  const suffix = domain.join(".");
  if (isResolved(service, region, suffix)) {
    return PARTITIONS.filter((partition) => hasSuffix(partition, suffix)).map(({ id }) => ({
      partition: id,
    }));
  }
  // A host that the SDK resolves for no region is accepted in the cluster's own region.
  const own = partitionOfRegion(region);
  return service === "sts" && hasSuffix(own, suffix) ? [{ partition: own.id, region }] : [];
}

/** Whether the SDK's endpoint rules give this host for its region, with FIPS and dual-stack on or off. */
function isResolved(service: string, region: string, suffix: string): boolean {
  const id = Object.keys(SDK_REGIONS).find((name) => SDK_REGIONS[name]?.test(region)) ?? "aws";
  const partition = partitionById(id);
  if (suffix === partition?.dualStackSuffix) return service === "sts" || service === "sts-fips";
  if (suffix !== partition?.dnsSuffix) return false;
  return service === "sts" || (service === "sts-fips" && id !== "aws-us-gov");
}

function hasSuffix({ dnsSuffix, dualStackSuffix }: Partition, suffix: string): boolean {
  return suffix === dnsSuffix || suffix === dualStackSuffix;
}

/**
 * Whether a host is STS, so that a token may be sent there. A verifier accepts more: any word as region, and therefore
 * `sts.s3.amazonaws.com`, which is someone's bucket.
 */
export function isStsHost(host: string): boolean {
  if (host === GLOBAL_HOST) return true;
  const region = host.split(".")[1] ?? "";
  const flags = [false, true];
  return flags.some((fips) => flags.some((dualStack) => stsHost(region, { fips, dualStack }) === host));
}
