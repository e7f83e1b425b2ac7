import { type AwsRequest, decodedPairs } from "../request.ts";
import type { Refusals } from "./refusal.ts";

/** What a signed request says about its signature, from the Authorization header or from the query. */
export interface SignatureParts {
  /** Whole: `AKID/20260115/us-east-1/sts/aws4_request`. */
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20260115T120000Z` */
  readonly timestamp: string;
  readonly sessionToken: string | undefined;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/** The region of the credential scope; undefined for an unsigned request. */
export function scopeRegion(request: AwsRequest): string | undefined {
  const header = /Credential=([^,\s]+)/.exec(request.headers["authorization"] ?? "")?.[1];
  const presigned = decodedPairs(request.query).find(([name]) => name === "X-Amz-Credential")?.[1];
  return (header ?? presigned)?.split("/")[2];
}

export function signatureParts(request: AwsRequest, refuse: Refusals): SignatureParts {
  const authorization = request.headers["authorization"];
  const query = new Map(decodedPairs(request.query));
  if (authorization !== undefined && query.has("X-Amz-Algorithm")) {
    throw refuse.signature(
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  }
  if (query.has("X-Amz-Algorithm")) return presignedParts(query, refuse);
  if (!authorization?.startsWith("AWS4-")) throw refuse.missing();
  return headerParts(authorization, request, refuse);
}

function headerParts(authorization: string, request: AwsRequest, refuse: Refusals): SignatureParts {
  const blank = authorization.search(/\s/);
  const algorithm = blank < 0 ? authorization : authorization.slice(0, blank);
  const fields = new Map(
    (blank < 0 ? "" : authorization.slice(blank)).split(",").map((field) => {
      const [name = "", ...value] = field.trim().split("=");
      return [name, value.join("=")] as const;
    }),
  );
  const timestamp = request.headers["x-amz-date"];
  const lacking = ["Credential", "Signature", "SignedHeaders"].filter((name) => !fields.get(name));
  const complaints = lacking.map((name) => `Authorization header requires '${name}' parameter. `);
  if (timestamp === undefined) {
    complaints.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
  }
  // AWS repeats the whole header here; the stand-in names the algorithm only, so that no signature gets into a log.
  if (complaints.length > 0) throw refuse.incomplete(`${complaints.join("")}Authorization=${algorithm}`);
  requireAlgorithm(algorithm, refuse);

  return {
    credential: fields.get("Credential") ?? "",
    signedHeaders: (fields.get("SignedHeaders") ?? "").split(";"),
    signature: fields.get("Signature") ?? "",
    timestamp: timestamp ?? "",
    sessionToken: request.headers["x-amz-security-token"],
  };
}

function presignedParts(query: ReadonlyMap<string, string>, refuse: Refusals): SignatureParts {
  const lacking = ["X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"].filter(
    (name) => !query.get(name),
  );
  if (lacking.length > 0) {
    const complaints = lacking.map((name) => `AWS query-string parameters must include '${name}'. `);
    throw refuse.incomplete(`${complaints.join("")}Re-examine the query-string parameters.`);
  }
  requireAlgorithm(query.get("X-Amz-Algorithm") ?? "", refuse);

  return {
    credential: query.get("X-Amz-Credential") ?? "",
    signedHeaders: (query.get("X-Amz-SignedHeaders") ?? "").split(";"),
    signature: query.get("X-Amz-Signature") ?? "",
    timestamp: query.get("X-Amz-Date") ?? "",
    sessionToken: query.get("X-Amz-Security-Token"),
  };
}

function requireAlgorithm(algorithm: string, refuse: Refusals): void {
  if (algorithm === ALGORITHM) return;
  throw refuse.incomplete(`Unsupported AWS 'algorithm': '${algorithm}' (only ${ALGORITHM} for now). `);
}
