/** Credentials that sign calls to AWS. Secret as a whole. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Undefined for the keys of an IAM user. */
  readonly sessionToken: string | undefined;
  /** Milliseconds since 1970; undefined if the end is not known. */
  readonly expires: number | undefined;
}

/** Credentials of a session, as STS gives them. */
export interface TemporaryCredentials extends AwsCredentials {
  readonly sessionToken: string;
  readonly expires: number;
}
