import { VouchError } from "../errors/errors.ts";
import { TOKEN_PREFIX } from "../hot/cached-token.ts";
import { presignedQuery, type SigningCredentials } from "./sigv4-query.ts";
import { CLUSTER_HEADER, MAX_TOKEN_BYTES } from "./token-form.ts";

/** The parts of an EKS token. */
interface EksTokenRequest {
  readonly cluster: string;
  readonly region: string;
  /** AWS's own regional STS host (token/hot/sts-host.ts), never another. */
  readonly stsHost: string;
  /** Milliseconds since 1970. */
  readonly signedAt: number;
}

/**
 * What every generator puts into `X-Amz-Expires`, in seconds; no verifier derives a lifetime from it.
 * Source: EKS-TOKEN.md, "Generators".
 */
const EXPIRES_SECONDS = 60;

/**
 * Signs a `GetCallerIdentity` request bound to a cluster and writes it as the token kubectl presents.
 * It is a bearer secret for 15 minutes.
 *
 * Throws `token-too-long` if no EKS verifier would read it.
 */
export function signEksToken(request: EksTokenRequest, credentials: SigningCredentials): string {
  const query = presignedQuery(
    {
      method: "GET",
      path: "/",
      query: [
        ["Action", "GetCallerIdentity"],
        ["Version", "2011-06-15"],
      ],
      headers: { host: request.stsHost, [CLUSTER_HEADER]: request.cluster },
    },
    credentials,
    { region: request.region, service: "sts", signedAt: request.signedAt, expiresSeconds: EXPIRES_SECONDS },
  );
  const token = TOKEN_PREFIX + Buffer.from(`https://${request.stsHost}/?${query}`).toString("base64url");
  if (token.length > MAX_TOKEN_BYTES) {
    throw new VouchError(
      "token-too-long",
      `The EKS token for ${request.cluster} is ${token.length} bytes long; EKS accepts at most ${MAX_TOKEN_BYTES}. ` +
        `The AWS session token in it is ${credentials.sessionToken?.length ?? 0} characters long.`,
    );
  }
  return token;
}
