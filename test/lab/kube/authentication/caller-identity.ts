import { request } from "node:https";
import { canonicalArn } from "./canonical-arn.ts";
import { quoted } from "./go-text.ts";
import type { PresignedUrl } from "./presigned-url.ts";
import { Refusal, stsRefusal } from "./refusal.ts";
import { stsRegion } from "./sts-host.ts";

/** Who STS says a token belongs to. */
export interface CallerIdentity {
  readonly arn: string;
  readonly canonicalArn: string;
  readonly accountId: string;
  /** `AROA…`, `AIDA…`; the whole for federated users and root. */
  readonly userId: string;
  /** Empty for users. */
  readonly sessionName: string;
  readonly accessKeyId: string;
}

/** Where STS really is, and how the verifier names itself to it. */
export interface StsAddress {
  /** Address of the AWS stand-in; the token's own host goes into the Host header only. */
  readonly url: string;
  /** PEM text of the CA to trust there. */
  readonly ca: string;
  /** The verifier's own cluster name: what it signs in place of the client's. */
  readonly clusterName: string;
  readonly timeoutMs: number;
}

/** Sends the presigned request on and reads the answer. Source: aws-iam-authenticator, pkg/token/token.go, `Verify`. */
export async function callerIdentity(url: PresignedUrl, sts: StsAddress): Promise<CallerIdentity> {
  const endpoint = `on ${stsRegion(url.host)} endpoint`;
  const { status, body } = await get(url, sts).catch((error: Error) => {
    throw stsRefusal(`error during GET: ${goNetworkText(error, sts)} ${endpoint}`);
  });
  if (status !== 200) {
    if (body.includes("Throttling")) throw new Refusal(`sts getCallerIdentity was throttled: ${body}`);
    throw stsRefusal(`error from AWS (expected 200, got ${status}) ${endpoint}. Body: ${body}`);
  }
  return readIdentity(body, url.accessKeyId);
}

function get(url: PresignedUrl, sts: StsAddress): Promise<{ status: number; body: string }> {
  // Go sends a blank in a query unescaped. That makes a broken request line, which a server of HTTP answers with 400.
  if (url.pathAndQuery.includes(" ")) return Promise.resolve({ status: 400, body: "" });
  return new Promise((resolve, reject) => {
    const address = new URL(sts.url);
    const outgoing = request({
      host: address.hostname,
      port: address.port,
      path: url.pathAndQuery,
      agent: false,
      // Node would take the name to verify from the Host header: the certificate is the stand-in's own.
      servername: "",
      ca: sts.ca,
      headers: {
        Host: url.host,
        "x-k8s-aws-id": sts.clusterName,
        Accept: "application/json",
        "Accept-Encoding": "gzip",
        "User-Agent": "Go-http-client/1.1",
        ...(url.userInfo !== undefined && {
          Authorization: `Basic ${Buffer.from(url.userInfo, "latin1").toString("base64")}`,
        }),
      },
      signal: AbortSignal.timeout(sts.timeoutMs),
    });
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () =>
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.end();
  });
}

/** Go's words for a failed request. Source: Go 1.26, net/http and crypto/tls, as the authenticator logged them. */
function goNetworkText(error: Error & { code?: string }, sts: StsAddress): string {
  const { code = error.name, message } = error;
  if (code === "ABORT_ERR" || code === "TimeoutError") {
    return "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
  }
  if (code === "ECONNREFUSED") return `dial tcp ${new URL(sts.url).host}: connect: connection refused`;
  if (code === "ECONNRESET") return "unexpected EOF";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return `tls: failed to verify certificate: x509: certificate is not valid for ${new URL(sts.url).hostname}`;
  }
  if (code.includes("CERT") || code.includes("SIGNATURE")) {
    return "tls: failed to verify certificate: x509: certificate signed by unknown authority";
  }
  return message;
}

interface StsAnswer {
  readonly GetCallerIdentityResponse?: {
    readonly GetCallerIdentityResult?: Partial<Record<"Account" | "Arn" | "UserId", string>>;
  };
}

function readIdentity(body: string, accessKeyId: string): CallerIdentity {
  const result = parseAnswer(body)?.GetCallerIdentityResponse?.GetCallerIdentityResult ?? {};
  const { Account: accountId = "", Arn: arn = "", UserId: userId = "" } = result;
  const canonical = orRefuse(() => canonicalArn(arn));
  const base = { arn, canonicalArn: canonical.arn, accountId, accessKeyId };
  if (!canonical.isRole) return { ...base, userId, sessionName: "" };

  const [roleId = "", sessionName, ...more] = userId.split(":");
  if (sessionName === undefined || more.length > 0) {
    throw stsRefusal(`malformed UserID ${quoted(Buffer.from(userId).toString("latin1"))}`);
  }
  return { ...base, userId: roleId, sessionName };
}

/**
 * Go's words for what is no JSON from its first byte on, and for JSON of another kind. What is broken further behind counts as
 * cut off. Source: Go 1.26, encoding/json.
 */
function parseAnswer(body: string): StsAnswer | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    const [, first] = /^[ \t\r\n]*([^ \t\r\n[{"\dtfn-])/.exec(Buffer.from(body).toString("latin1")) ?? [];
    throw stsRefusal(
      first === undefined
        ? "unexpected end of JSON input"
        : `invalid character ${first === "'" ? "'\\''" : `'${first}'`} looking for beginning of value`,
    );
  }
  if (typeof value === "object" && !Array.isArray(value)) return value as StsAnswer | null;
  const kind = { string: "string", number: "number", boolean: "bool" }[typeof value as string] ?? "array";
  throw stsRefusal(`json: cannot unmarshal ${kind} into Go value of type token.getCallerIdentityWrapper`);
}

function orRefuse<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw stsRefusal((error as Error).message);
  }
}
