import type { ErrorCode } from "../errors/errors.ts";

/** The calls, as a person would name them. */
export const CALLS = {
  registration: "the registration of this machine",
  challenge: "the login challenge",
  login: "the login",
  exchange: "the request for an ID token",
  awsToken: "the request for an AWS ID token",
  status: "the request for the session status",
  revocation: "the logout",
  enrolment: "the enrolment",
  keyRegistration: "the registration of the security key",
  keyList: "the request for your security keys",
  keyRemoval: "the removal of the security key",
} as const;

export type VouchCall = keyof typeof CALLS;

export interface Meaning {
  readonly code: ErrorCode;
  /** Completes "HOST refused the login: …". */
  readonly says: string;
  /** Used unless the table of errors has a better one. */
  readonly hint?: string;
  /** Which of our signatures a wrong clock would invalidate. */
  readonly signed?: "assertion" | "proof";
}

const ADMINISTRATOR = "Ask the administrator of the Vouch server";

const BUG: Meaning = { code: "internal", says: "it could not use what we sent" };

const SESSION_OVER: Meaning = {
  code: "session-refused",
  says: "the session is over or was revoked",
  signed: "proof",
};

/**
 * Error names with the same meaning for all calls.
 * Source: VOUCH-PROTOCOL.md, "Registration", "Login grant", "Resource tokens", "ID token for AWS" and "Token exchange".
 */
const ANYWHERE: Readonly<Record<string, Meaning>> = {
  access_denied: {
    code: "permission-denied",
    says: "a policy of your organization does not allow it",
    hint: `${ADMINISTRATOR} which policy that is.`,
  },
  claims_error: { code: "server-failed", says: "it could not make the token" },
  db_error: { code: "server-failed", says: "its database failed" },
  hardware_required: { code: "hardware-required", says: "the session did not begin with a security key" },
  insufficient_user_authentication: {
    code: "step-up-required",
    says: "it wants a fresh touch of the security key",
  },
  invalid_authorization_details: BUG,
  invalid_client: {
    code: "client-refused",
    says: "it does not accept this machine's registration",
    signed: "assertion",
  },
  invalid_client_metadata: BUG,
  invalid_dpop_proof: {
    code: "client-refused",
    says: "it does not accept the proof that this machine holds its key",
    hint: "Compare the clock (`date -u`) and the address of the server, then run `kubectl vouch login` again.",
    signed: "proof",
  },
  invalid_redirect_uri: BUG,
  invalid_request: BUG,
  invalid_role_arn: { code: "role-arn-invalid", says: "it does not accept this as the ARN of an IAM role" },
  invalid_target: {
    code: "permission-denied",
    says: "it gives no token for this audience",
    hint: `${ADMINISTRATOR} which audiences are allowed.`,
  },
  invalid_token: SESSION_OVER,
  rsa_key_unavailable: {
    code: "server-failed",
    says: "it has no RSA key, which AWS needs",
    hint: `${ADMINISTRATOR} to set VOUCH_OIDC_RSA_SIGNING_KEY.`,
  },
  server_error: { code: "server-failed", says: "it failed" },
  signing_key_error: { code: "server-failed", says: "its signing key failed" },
  token_error: { code: "server-failed", says: "it could not make the token" },
  unauthorized: SESSION_OVER,
  unauthorized_client: {
    code: "client-refused",
    says: "this machine's registration does not include it",
  },
  unsupported_grant_type: {
    code: "server-failed",
    says: "it is too old to know it",
    hint: `${ADMINISTRATOR} to update it.`,
  },
  use_dpop_nonce: { code: "server-failed", says: "it asked for a nonce again, having just been given one" },
  user_not_found: {
    code: "permission-denied",
    says: "it no longer knows you",
    hint: "Enrol again: `kubectl vouch enroll`.",
  },
};

const KEY_TOO_LATE: Meaning = {
  code: "login-refused",
  says: "it took too long, or was sent twice",
  hint: "Run `kubectl vouch keys add` again.",
};

const KEY_UNKNOWN: Meaning = {
  code: "key-unknown",
  says: "it knows no such key of yours",
};

/**
 * Error names with another meaning for one call.
 * Source: VOUCH-PROTOCOL.md, "Enrolment", "Key registration" and "Registered keys".
 */
const BY_CALL: Partial<Record<VouchCall, Readonly<Record<string, Meaning>>>> = {
  registration: {
    invalid_token: { code: "client-refused", says: "it does not accept this machine's registration token" },
  },
  login: {
    invalid_grant: { code: "login-refused", says: "the security key's answer was not accepted" },
  },
  enrolment: {
    access_denied: {
      code: "permission-denied",
      says: "it was denied in the browser, or a policy of your organization does not allow it",
      hint: "Ask the administrator of the Vouch server, then run `kubectl vouch enroll` again.",
    },
    expired_token: { code: "enrolment-expired", says: "nobody approved it in the browser in time" },
    invalid_grant: { code: "enrolment-expired", says: "the code is not valid any more" },
  },
  keyRegistration: {
    invalid_state: KEY_TOO_LATE,
    state_already_used: KEY_TOO_LATE,
    invalid_attestation: {
      code: "permission-denied",
      says: "it does not accept this model of security key",
      hint: `${ADMINISTRATOR} which models are allowed.`,
    },
    credential_already_registered: { code: "security-key-enrolled", says: "the key is registered already" },
  },
  keyRemoval: {
    conflict: {
      code: "server-failed",
      says: "your keys were changed at the same time",
      hint: "Run the command again.",
    },
    invalid_key_id: KEY_UNKNOWN,
    last_key: {
      code: "permission-denied",
      says: "it is your only one, and without it you could not log in",
      hint: "Register another first: `kubectl vouch keys add`.",
    },
    not_found: KEY_UNKNOWN,
  },
  exchange: {
    access_denied: { code: "hardware-required", says: "the session did not begin with a security key" },
    invalid_grant: { ...SESSION_OVER, says: "the session is over or was revoked" },
  },
};

/** The meaning of an error name when this call is refused; undefined for an unknown name. */
export function meaningOf(call: VouchCall, name: string): Meaning | undefined {
  const special = BY_CALL[call];
  if (special !== undefined && Object.hasOwn(special, name)) return special[name];
  return Object.hasOwn(ANYWHERE, name) ? ANYWHERE[name] : undefined;
}
