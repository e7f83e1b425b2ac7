/**
 * Why the authenticator refuses a token. The message is the text of its log; the caller of the API server never
 * sees it (a bare 401). Texts: aws-iam-authenticator, pkg/token/token.go and pkg/server/server.go.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/** The token itself is wrong; STS is not asked. */
export function malformed(text: string): Refusal {
  return new Refusal(`input token was not properly formatted: ${text}`);
}

/** STS said no, or could not be asked. */
export function stsRefusal(text: string): Refusal {
  return new Refusal(`sts getCallerIdentity failed: ${text}`);
}
