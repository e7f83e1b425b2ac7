interface Partition {
  readonly id: string;
  readonly regions: RegExp;
  readonly suffix: string;
  /** Undefined if the lab does not play dual-stack names. */
  readonly dualStackSuffix: string | undefined;
  /** Where IAM's only endpoint signs. */
  readonly iamRegion: string;
}

/** Source: AWS's partitions.json as botocore 1.43.11 and the SDK for JavaScript carry it. */
const PARTITIONS: readonly Partition[] = [
  partition("aws-us-gov", /^us-gov-\w+-\d+$/, ["amazonaws.com", "api.aws"], "us-gov-west-1"),
  partition("aws-iso", /^us-iso-\w+-\d+$/, ["c2s.ic.gov"], "us-iso-east-1"),
  partition("aws-iso-b", /^us-isob-\w+-\d+$/, ["sc2s.sgov.gov"], "us-isob-east-1"),
  partition("aws-iso-e", /^eu-isoe-\w+-\d+$/, ["cloud.adc-e.uk"], "eu-isoe-west-1"),
  partition("aws-iso-f", /^us-isof-\w+-\d+$/, ["csp.hci.ic.gov"], "us-isof-south-1"),
  partition("aws-cn", /^cn-\w+-\d+$/, ["amazonaws.com.cn", "api.amazonwebservices.com.cn"], "cn-north-1"),
  partition("aws-eusc", /^eusc-de-\w+-\d+$/, ["amazonaws.eu", "api.amazonwebservices.eu"], "eusc-de-east-1"),
  partition("aws", /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/, ["amazonaws.com", "api.aws"], "us-east-1"),
];

export function partitionOfRegion(region: string): Partition | undefined {
  return PARTITIONS.find(({ regions }) => regions.test(region));
}

function partition(
  id: string,
  regions: RegExp,
  [suffix, dualStackSuffix]: readonly [string, string?],
  iamRegion: string,
): Partition {
  return { id, regions, suffix, dualStackSuffix, iamRegion };
}
