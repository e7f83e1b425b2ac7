import { createHash, createHmac } from "node:crypto";

/** Every part of a token that a test may want wrong. */
export interface TokenParts {
  readonly accessKeyId: string;
  readonly secret: string;
  /** Epoch milliseconds of X-Amz-Date. */
  readonly time: number;
  readonly cluster: string;
  readonly region: string;
  readonly host: string;
  readonly scheme: string;
  readonly path: string;
  readonly action: string;
  readonly expires: string;
  readonly signedHeaders: string;
  /** Appended to the query, signed like the rest. */
  readonly extra: readonly (readonly [string, string])[];
}

/**
 * Makes an EKS token from its parts, in the order botocore writes them. Source: botocore, signers.py,
 * `generate_presigned_url`.
 */
export function presignedToken(parts: TokenParts): string {
  const date = new Date(parts.time).toISOString().replace(/[-:]|\.\d+/g, "");
  const query: [string, string][] = [
    ["Action", parts.action],
    ["Version", "2011-06-15"],
    ["X-Amz-Algorithm", "AWS4-HMAC-SHA256"],
    ["X-Amz-Credential", `${parts.accessKeyId}/${date.slice(0, 8)}/${parts.region}/sts/aws4_request`],
    ["X-Amz-Date", date],
    ["X-Amz-Expires", parts.expires],
    ["X-Amz-SignedHeaders", parts.signedHeaders],
    ...parts.extra.map(([key, value]): [string, string] => [key, value]),
  ];
  const headers = { host: parts.host, "x-k8s-aws-id": parts.cluster };
  const signature = presignedSignature({ path: parts.path, query, headers, secret: parts.secret });
  query.push(["X-Amz-Signature", signature]);
  const text = query.map(([key, value]) => `${uriEscape(key)}=${uriEscape(value)}`);
  return tokenOf(`${parts.scheme}://${parts.host}${parts.path}?${text.join("&")}`);
}

/** The token around any URL. */
export function tokenOf(url: string): string {
  return `k8s-aws-v1.${Buffer.from(url).toString("base64url")}`;
}

interface SignedRequest {
  readonly path: string;
  /** Without the signature. */
  readonly query: readonly (readonly [string | undefined, string | undefined])[];
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly secret: string;
}

/** SigV4 of a presigned GET. Source: AWS General Reference, "Signature Version 4 signing process". */
export function presignedSignature({ path, query, headers, secret }: SignedRequest): string {
  const value = (name: string) => query.find(([key]) => key === name)?.[1] ?? "";
  const signed = value("X-Amz-SignedHeaders");
  const [, ...scope] = value("X-Amz-Credential").split("/");
  const canonical = [
    "GET",
    path,
    query
      .map(([key = "", text = ""]) => `${uriEscape(key)}=${uriEscape(text)}`)
      .sort()
      .join("&"),
    ...signed.split(";").map((name) => `${name}:${(headers[name] ?? "").trim()}`),
    "",
    signed,
    createHash("sha256").update("").digest("hex"),
  ].join("\n");
  const digest = createHash("sha256").update(canonical).digest("hex");
  const toSign = ["AWS4-HMAC-SHA256", value("X-Amz-Date"), scope.join("/"), digest].join("\n");
  const key = scope.reduce<Buffer>(
    (secretSoFar, part) => hmac(secretSoFar, part),
    Buffer.from(`AWS4${secret}`),
  );
  return hmac(key, toSign).toString("hex");
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/** Source: RFC 3986, section 2.3. */
export function uriEscape(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
