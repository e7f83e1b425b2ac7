/** The eight AWS partitions whose tokens an EKS verifier accepts. Source: token/eks/EKS-TOKEN.md, "Hosts". */
export interface Partition {
  readonly id: string;
  /** Prefix of the regions of this partition; the first partition takes all others. */
  readonly regionPrefix: string;
  readonly dnsSuffix: string;
  /** Absent if an EKS verifier accepts no dual-stack host there. */
  readonly dualStackSuffix?: string;
  /** The region for calls that belong to none. */
  readonly defaultRegion: string;
}

const COMMERCIAL: Partition = {
  id: "aws",
  regionPrefix: "",
  dnsSuffix: "amazonaws.com",
  dualStackSuffix: "api.aws",
  defaultRegion: "us-east-1",
};

const OTHERS: readonly Partition[] = [
  {
    id: "aws-cn",
    regionPrefix: "cn-",
    dnsSuffix: "amazonaws.com.cn",
    dualStackSuffix: "api.amazonwebservices.com.cn",
    defaultRegion: "cn-north-1",
  },
  {
    id: "aws-us-gov",
    regionPrefix: "us-gov-",
    dnsSuffix: "amazonaws.com",
    dualStackSuffix: "api.aws",
    defaultRegion: "us-gov-west-1",
  },
  {
    id: "aws-eusc",
    regionPrefix: "eusc-",
    dnsSuffix: "amazonaws.eu",
    dualStackSuffix: "api.amazonwebservices.eu",
    defaultRegion: "eusc-de-east-1",
  },
  { id: "aws-iso", regionPrefix: "us-iso-", dnsSuffix: "c2s.ic.gov", defaultRegion: "us-iso-east-1" },
  {
    id: "aws-iso-b",
    regionPrefix: "us-isob-",
    dnsSuffix: "sc2s.sgov.gov",
    defaultRegion: "us-isob-east-1",
  },
  {
    id: "aws-iso-e",
    regionPrefix: "eu-isoe-",
    dnsSuffix: "cloud.adc-e.uk",
    defaultRegion: "eu-isoe-west-1",
  },
  {
    id: "aws-iso-f",
    regionPrefix: "us-isof-",
    dnsSuffix: "csp.hci.ic.gov",
    defaultRegion: "us-isof-south-1",
  },
];

export const PARTITIONS: readonly Partition[] = [COMMERCIAL, ...OTHERS];

/** The partition a region belongs to. */
export function partitionOfRegion(region: string): Partition {
  return OTHERS.find(({ regionPrefix }) => region.startsWith(regionPrefix)) ?? COMMERCIAL;
}

/** The partition in the second field of an ARN (`aws-cn`); undefined for an unknown word. */
export function partitionById(id: string): Partition | undefined {
  return PARTITIONS.find((partition) => partition.id === id);
}
