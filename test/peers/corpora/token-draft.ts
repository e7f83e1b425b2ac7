import { signEksToken } from "../../../token/eks/eks-token.ts";
import type { SigningCredentials } from "../../../token/eks/sigv4-query.ts";
import { formatAmzDate } from "../../lab/aws/sigv4/amz-date.ts";
import { presignedSignature, tokenOf, uriEscape } from "../../lab-tests/kube/support/presigned-token.ts";

/** What a good token is made of. */
export interface TokenRecipe {
  readonly credentials: SigningCredentials;
  readonly cluster: string;
  /** In the credential scope. */
  readonly region: string;
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly signedAt: number;
}

/** A token in pieces: any of them may be made wrong, and the rest is still signed as it stands. */
export interface TokenDraft {
  readonly scheme: string;
  /** What stands between `//` and the host: `user:password@`. */
  readonly userInfo: string;
  readonly host: string;
  readonly path: string;
  /** Plain names and values in wire order, without the signature. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly secret: string;
}

/**
 * The programs whose tokens are played, and the order of their parameters before the signature.
 * Source: botocore, auth.py, `SigV4QueryAuth`; aws-sdk-go-v2, aws/signer/v4 (names in order).
 */
export const FORMS = ["ours", "the AWS CLI's", "aws-iam-authenticator's"] as const;
type Form = (typeof FORMS)[number];

export function draftOf(
  { credentials, cluster, region, host, signedAt }: TokenRecipe,
  form: Form = "ours",
): TokenDraft {
  const date = formatAmzDate(signedAt);
  const session: (readonly [string, string])[] =
    credentials.sessionToken === undefined ? [] : [["X-Amz-Security-Token", credentials.sessionToken]];
  const signedHeaders = ["X-Amz-SignedHeaders", "host;x-k8s-aws-id"] as const;
  return {
    scheme: "https",
    userInfo: "",
    host,
    path: "/",
    query: [
      ["Action", "GetCallerIdentity"],
      ["Version", "2011-06-15"],
      ["X-Amz-Algorithm", "AWS4-HMAC-SHA256"],
      ["X-Amz-Credential", `${credentials.accessKeyId}/${date.slice(0, 8)}/${region}/sts/aws4_request`],
      ["X-Amz-Date", date],
      ["X-Amz-Expires", "60"],
      ...(form === "the AWS CLI's" ? [signedHeaders, ...session] : [...session, signedHeaders]),
    ],
    headers: { host, "x-k8s-aws-id": cluster },
    secret: credentials.secretAccessKey,
  };
}

/** The token that the program of this form makes: ours by our own signer. */
export function goodToken(recipe: TokenRecipe, form: Form): string {
  if (form !== "ours") return tokenOf(urlOf(draftOf(recipe, form)));
  const { credentials, cluster, region, host, signedAt } = recipe;
  return signEksToken({ cluster, region, stsHost: host, signedAt }, credentials);
}

/** Signed, and written as a URL. */
export function urlOf({ scheme, userInfo, host, path, query, headers, secret }: TokenDraft): string {
  const signature = presignedSignature({ path, query, headers, secret });
  const text = [...query, ["X-Amz-Signature", signature] as const].map(
    ([name, value]) => `${uriEscape(name)}=${uriEscape(value)}`,
  );
  return `${scheme}://${userInfo}${host}${path}?${text.join("&")}`;
}

/** The draft with a parameter set to something else, or added as the last one. */
export function withParameter(draft: TokenDraft, name: string, value: string): TokenDraft {
  const known = draft.query.some(([key]) => key === name);
  const query = known
    ? draft.query.map((pair) => (pair[0] === name ? ([name, value] as const) : pair))
    : [...draft.query, [name, value] as const];
  return { ...draft, query };
}

export function withoutParameter(draft: TokenDraft, name: string): TokenDraft {
  return { ...draft, query: draft.query.filter(([key]) => key !== name) };
}

/** For another host, which is signed too. */
export function forHost(draft: TokenDraft, host: string): TokenDraft {
  return { ...draft, host, headers: { ...draft.headers, host } };
}

export function parameterOf(draft: TokenDraft, name: string): string {
  return draft.query.find(([key]) => key === name)?.[1] ?? "";
}
