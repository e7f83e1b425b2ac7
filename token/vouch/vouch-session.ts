import type { Endpoints } from "../endpoints/endpoints.ts";

/** What a login leaves behind, and what every later call needs. The access token in it is a secret. */
export interface VouchSession {
  /** The server's address as `ServerUrl.base` has it. */
  readonly server: string;
  /** Who logged in: the e-mail address. */
  readonly identity: string;
  /** The user's UUID at the server. */
  readonly subject: string;
  readonly accessToken: string;
  readonly clientId: string;
  /** Fingerprint of the client key that the access token is bound to. */
  readonly keyId: string;
  /** Epoch ms. */
  readonly issuedAt: number;
  /** Epoch ms, a margin already taken off. The server can end the session earlier. */
  readonly expiresAt: number;
  /** Where its secrets may go, kept beside them: whoever could change the one could read the other. */
  readonly endpoints?: Endpoints;
}
