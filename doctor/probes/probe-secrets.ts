import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";

/** What the probes of one gathering hand to each other and to nobody else: no bundle ever has it. */
export interface ProbeSecrets {
  /** The EKS token that the plugin gave. */
  token: string | undefined;
  /** The caller's AWS credentials; asked for once. */
  credentials: Promise<AwsCredentials> | undefined;
  /** Those that took their place because AWS refused them. */
  renewed: Promise<AwsCredentials> | undefined;
  /** Why an AWS CLI that keeps its credentials has none; then it is not started again to say the same. */
  withoutCredentials: Error | undefined;
}

export function newProbeSecrets(): ProbeSecrets {
  return { token: undefined, credentials: undefined, renewed: undefined, withoutCredentials: undefined };
}
