import { AwsFailure } from "../failure.ts";

/** Source: service models of Signin, OAuth2ErrorCode. */
type SignInError =
  | "TOKEN_EXPIRED"
  | "USER_CREDENTIALS_CHANGED"
  | "INSUFFICIENT_PERMISSIONS"
  | "AUTHCODE_EXPIRED"
  | "server_error"
  | "INVALID_REQUEST";

/** A refusal that tells its reason in a member of its own. */
export class SignInFailure extends AwsFailure {
  readonly error: SignInError;

  constructor(code: string, status: number, { error, message }: { error: SignInError; message: string }) {
    super(code, status, message);
    this.error = error;
  }
}

/** Sentences: aws/aws-cli#10330 (expired), aws/aws-cli#10613 (invalid); the others are in no source. */
const DENIED = {
  TOKEN_EXPIRED: [401, "The refresh token has expired."],
  AUTHCODE_EXPIRED: [401, "The authorization code has expired."],
  USER_CREDENTIALS_CHANGED: [403, "The user credentials have changed."],
  INSUFFICIENT_PERMISSIONS: [403, "The user has insufficient permissions."],
} as const;

/** Source: service models of Signin, AccessDeniedException ("Runtime HTTP Status Code Mapping"). */
export function denied(error: keyof typeof DENIED): SignInFailure {
  const [status, message] = DENIED[error];
  return new SignInFailure("AccessDeniedException", status, { error, message });
}

export function invalid(
  message = "The provided authorization grant is invalid, expired, revoked, or malformed",
): SignInFailure {
  return new SignInFailure("ValidationException", 400, { error: "INVALID_REQUEST", message });
}
