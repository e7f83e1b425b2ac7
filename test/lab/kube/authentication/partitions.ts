/** What the verifier knows about one AWS partition. */
interface Partition {
  /** Domain of ordinary and FIPS hosts. */
  readonly domain: string;
  /** Dual-stack domain that the verifier accepts; absent if it refuses what the SDK resolves. */
  readonly dualStackDomain?: string;
  /** Dual-stack domain that the SDK's endpoint rules resolve to. */
  readonly sdkDualStackDomain: string;
  /** Region names that the SDK assigns to this partition. */
  readonly regions: RegExp;
}

/**
 * Source: aws-iam-authenticator, pkg/endpoints/partitions.go; region patterns are those of the AWS SDKs' partition
 * data.
 */
export const PARTITIONS: Readonly<Record<string, Partition>> = {
  aws: {
    domain: "amazonaws.com",
    dualStackDomain: "api.aws",
    sdkDualStackDomain: "api.aws",
    regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
  },
  "aws-us-gov": {
    domain: "amazonaws.com",
    dualStackDomain: "api.aws",
    sdkDualStackDomain: "api.aws",
    regions: /^(?:us-gov-\w+-\d+|aws-us-gov-global)$/,
  },
  "aws-cn": {
    domain: "amazonaws.com.cn",
    dualStackDomain: "api.amazonwebservices.com.cn",
    sdkDualStackDomain: "api.amazonwebservices.com.cn",
    regions: /^(?:cn-\w+-\d+|aws-cn-global)$/,
  },
  "aws-eusc": {
    domain: "amazonaws.eu",
    dualStackDomain: "api.amazonwebservices.eu",
    sdkDualStackDomain: "api.amazonwebservices.eu",
    regions: /^eusc-de-\w+-\d+$/,
  },
  "aws-iso": {
    domain: "c2s.ic.gov",
    sdkDualStackDomain: "api.aws.ic.gov",
    regions: /^(?:us-iso-\w+-\d+|aws-iso-global)$/,
  },
  "aws-iso-b": {
    domain: "sc2s.sgov.gov",
    sdkDualStackDomain: "api.aws.scloud",
    regions: /^(?:us-isob-\w+-\d+|aws-iso-b-global)$/,
  },
  "aws-iso-e": {
    domain: "cloud.adc-e.uk",
    sdkDualStackDomain: "api.cloud-aws.adc-e.uk",
    regions: /^(?:eu-isoe-\w+-\d+|aws-iso-e-global)$/,
  },
  "aws-iso-f": {
    domain: "csp.hci.ic.gov",
    sdkDualStackDomain: "api.aws.hci.ic.gov",
    regions: /^(?:us-isof-\w+-\d+|aws-iso-f-global)$/,
  },
};
