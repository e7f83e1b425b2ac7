import type { ErrorCode } from "../../errors/errors.ts";

/** The calls, as a user would name them. */
export const CALLS = {
  registration: "the registration of this machine",
  challenge: "the login challenge",
  login: "the login",
  exchange: "the request for an ID token",
  awsToken: "the request for an AWS ID token",
  status: "the request for the session status",
  revocation: "the logout",
  enrolment: "the enrollment",
  keyRegistration: "the registration of the security key",
  keyList: "the request for your security keys",
  keyRemoval: "the removal of the security key",
} as const;

export type VouchCall = keyof typeof CALLS;

export interface Meaning {
  readonly code: ErrorCode;
  /** Completes "HOST refused the login: …". */
  readonly reason: string;
  /** Used unless the table of errors has a better one. */
  readonly hint?: string;
  /** Which of our signatures a wrong clock would invalidate. */
  readonly signed?: "assertion" | "proof";
}

const ADMINISTRATOR = "Ask an administrator of the Vouch server";

const BUG: Meaning = { code: "internal", reason: "it could not use the request" };

const SESSION_OVER: Meaning = {
  code: "session-refused",
  reason: "the session has ended or was revoked",
  signed: "proof",
};

/**
 * Error names with the same meaning for all calls.
 * Source: VOUCH-PROTOCOL.md, "Registration", "Login grant", "Resource tokens", "ID token for AWS" and "Token exchange".
 */
const ANYWHERE: Readonly<Record<string, Meaning>> = {
  access_denied: {
    code: "permission-denied",
    reason: "a policy of your organization does not allow it",
    hint: `${ADMINISTRATOR} which policy that is.`,
  },
  claims_error: { code: "server-failed", reason: "it could not create the token" },
  db_error: { code: "server-failed", reason: "its database failed" },
  hardware_required: { code: "hardware-required", reason: "the session was not started with a security key" },
  insufficient_user_authentication: {
    code: "step-up-required",
    reason: "it requires a new touch of the security key",
  },
  invalid_authorization_details: BUG,
  invalid_client: {
    code: "client-refused",
    reason: "it does not accept this machine's registration",
    signed: "assertion",
  },
  invalid_client_metadata: BUG,
  invalid_dpop_proof: {
    code: "client-refused",
    reason: "it does not accept the proof that this machine holds its key",
    hint: "Compare the clock (`date -u`) and the address of the server, then run `kubectl vouch login` again.",
    signed: "proof",
  },
  invalid_redirect_uri: BUG,
  invalid_request: BUG,
  invalid_role_arn: { code: "role-arn-invalid", reason: "it does not accept this IAM role ARN" },
  invalid_target: {
    code: "permission-denied",
    reason: "it does not issue tokens for this audience",
    hint: `${ADMINISTRATOR} which audiences are allowed.`,
  },
  invalid_token: SESSION_OVER,
  rsa_key_unavailable: {
    code: "server-failed",
    reason: "it does not have an RSA key, which AWS requires",
    hint: `${ADMINISTRATOR} to set VOUCH_OIDC_RSA_SIGNING_KEY.`,
  },
  server_error: { code: "server-failed", reason: "the server failed" },
  signing_key_error: { code: "server-failed", reason: "its signing key failed" },
  token_error: { code: "server-failed", reason: "it could not create the token" },
  unauthorized: SESSION_OVER,
  unauthorized_client: {
    code: "client-refused",
    reason: "this machine's registration does not include this request",
  },
  unsupported_grant_type: {
    code: "server-failed",
    reason: "the server is too old to support this request",
    hint: `${ADMINISTRATOR} to update it.`,
  },
  use_dpop_nonce: { code: "server-failed", reason: "it requested a nonce again, right after receiving one" },
  user_not_found: {
    code: "permission-denied",
    reason: "the user no longer exists there",
    hint: "Enroll again: `kubectl vouch enroll`.",
  },
};

const KEY_TOO_LATE: Meaning = {
  code: "login-refused",
  reason: "it took too long, or was sent twice",
  hint: "Run `kubectl vouch keys add` again.",
};

const KEY_UNKNOWN: Meaning = {
  code: "key-unknown",
  reason: "you do not have this key",
};

/**
 * Error names with another meaning for one call.
 * Source: VOUCH-PROTOCOL.md, "Enrolment", "Key registration" and "Registered keys".
 */
const BY_CALL: Partial<Record<VouchCall, Readonly<Record<string, Meaning>>>> = {
  registration: {
    invalid_token: { code: "client-refused", reason: "it does not accept this machine's registration token" },
  },
  login: {
    invalid_grant: { code: "login-refused", reason: "the security key's answer was not accepted" },
  },
  enrolment: {
    access_denied: {
      code: "permission-denied",
      reason: "it was denied in the browser, or a policy of your organization does not allow it",
      hint: "Ask an administrator of the Vouch server, then run `kubectl vouch enroll` again.",
    },
    expired_token: { code: "enrolment-expired", reason: "it was not approved in the browser in time" },
    invalid_grant: { code: "enrolment-expired", reason: "the code is no longer valid" },
  },
  keyRegistration: {
    invalid_state: KEY_TOO_LATE,
    state_already_used: KEY_TOO_LATE,
    invalid_attestation: {
      code: "permission-denied",
      reason: "it does not accept this model of security key",
      hint: `${ADMINISTRATOR} which models are allowed.`,
    },
    credential_already_registered: { code: "security-key-enrolled", reason: "the key is already registered" },
  },
  keyRemoval: {
    conflict: {
      code: "server-failed",
      reason: "your keys were changed at the same time",
      hint: "Try again.",
    },
    invalid_key_id: KEY_UNKNOWN,
    last_key: {
      code: "permission-denied",
      reason: "it is your only key, and without it you could not log in",
      hint: "Register another first: `kubectl vouch keys add`.",
    },
    not_found: KEY_UNKNOWN,
  },
  exchange: {
    access_denied: { code: "hardware-required", reason: "the session was not started with a security key" },
    invalid_grant: { ...SESSION_OVER, reason: "the session has ended or was revoked" },
  },
};

/** The meaning of an error name when this call is refused; undefined for an unknown name. */
export function meaningOf(call: VouchCall, name: string): Meaning | undefined {
  const special = BY_CALL[call];
  if (special !== undefined && Object.hasOwn(special, name)) return special[name];
  return Object.hasOwn(ANYWHERE, name) ? ANYWHERE[name] : undefined;
}
