import type { AwsCredentials } from "../aws/aws-credentials.ts";
import type { VouchError } from "../errors/errors.ts";
import type { Witness } from "../hot/cached-token.ts";

/** Which credentials are wanted. */
export interface CredentialsWish {
  /** No cached ones: the API server refused what those had signed. */
  readonly fresh: boolean;
  /** Cached ones are used if they live at least this long, in milliseconds. */
  readonly minRemainingMs: number;
}

/** Identifies credentials: everything that affects them, as text, and the same in words. */
export interface CredentialsKey {
  readonly key: string;
  readonly words: string;
}

/** The error if the folder of cached values is gone. */
export type Gone = (cause?: unknown) => VouchError;

/** A source of credentials for tokens, and where its tokens are kept. */
export interface CredentialsSource {
  /** Folder of its tokens and locks. A mint never creates it. */
  readonly folder: string;
  /** When the underlying session ends, in milliseconds since 1970; undefined if there is none. */
  readonly end: number | undefined;
  /** Digest of everything that determines whose credentials these are: same digest, same token. Undefined for a session. */
  readonly digest?: string;
  /** The files it was made from; undefined if they cannot reveal a change. */
  readonly witnesses?: readonly Witness[] | undefined;
  /** Undefined: nothing is kept. */
  readonly gone?: Gone;
  /** The error for a session or credentials that end within the next minute, for which there is no token. */
  readonly aboutToEnd: () => VouchError;
  credentials(wish: CredentialsWish): Promise<AwsCredentials>;
}
