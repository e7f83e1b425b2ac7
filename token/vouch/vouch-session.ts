import type { Endpoints } from "../endpoints/endpoints.ts";

/** The result of a login, which every later call needs. The access token in it is a secret. */
export interface VouchSession {
  /** The server's address, as in `ServerUrl.base`. */
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
  /** Epoch ms, with a margin already subtracted. The server can end the session earlier. */
  readonly expiresAt: number;
  /** Where its secrets may be sent, kept with them: whoever could change this could also read them. */
  readonly endpoints?: Endpoints;
}
