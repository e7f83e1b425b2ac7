import type { AwsCredentials } from "../aws/aws-credentials.ts";
import type { VouchError } from "../errors/errors.ts";
import type { Witness } from "../hot/cached-token.ts";

/** Which credentials are wanted. */
export interface CredentialsWish {
  /** None that were kept: the API server refused what those signed. */
  readonly fresh: boolean;
  /** Those that were kept are good when they live at least this long, in milliseconds. */
  readonly minRemainingMs: number;
}

/** What it means that the folder where things are kept is gone. */
export type Gone = (cause?: unknown) => VouchError;

/** Where the credentials of a token come from, and where its tokens are kept. */
export interface MintSource {
  /** Folder of its tokens and locks. A mint never makes it. */
  readonly folder: string;
  /** When the session behind it ends, in milliseconds since 1970; undefined where there is none. */
  readonly end: number | undefined;
  /** Digest of all that decides whose credentials come: the same digest, the same token. Undefined for a session. */
  readonly digest?: string;
  /** The files that it was made from; undefined where they cannot tell of a change. */
  readonly witnesses?: readonly Witness[] | undefined;
  /** Undefined: that nothing is kept. */
  readonly gone?: Gone;
  /** Why there is no token of a session or of credentials that end within the next minute. */
  readonly aboutToEnd: () => VouchError;
  credentials(wish: CredentialsWish): Promise<AwsCredentials>;
}
