import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";

/** What the probes of one gathering share with each other and no one else: it is never in a bundle. */
export interface ProbeSecrets {
  /** The EKS token from the plugin. */
  token: string | undefined;
  /** The caller's AWS credentials; requested once. */
  credentials: Promise<AwsCredentials> | undefined;
  /** New ones, which replace those that AWS refused. */
  renewed: Promise<AwsCredentials> | undefined;
  /** Why an AWS CLI that keeps its credentials has none; it is then not started again for the same answer. */
  withoutCredentials: Error | undefined;
}

export function newProbeSecrets(): ProbeSecrets {
  return { token: undefined, credentials: undefined, renewed: undefined, withoutCredentials: undefined };
}
