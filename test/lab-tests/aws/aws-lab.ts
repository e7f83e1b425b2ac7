import type { IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";
import { EKSClient } from "@aws-sdk/client-eks";
import { IAMClient } from "@aws-sdk/client-iam";
import { type Credentials, STSClient } from "@aws-sdk/client-sts";
import { expectedSignature } from "../../lab/aws/sigv4/expected-signature.ts";
import { type AwsStandIn, startAwsStandIn } from "../../lab/aws/stand-in.ts";
import { LAB_ADMIN_KEY, labWorld } from "../../lab/aws/world.ts";
import { type LabClock, labClock } from "../../lab/clock.ts";
import type { LabWorld } from "../../lab/model.ts";
import { type LabCa, makeLabCa } from "../../lab/tls.ts";

/** The lab's time in every test here, until a test moves it. */
export const NOON = Date.parse("2026-01-15T12:00:00Z");

/** Keys as the SDK takes them. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  /** By lower-case name. */
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request without an SDK: what no well-behaved client sends. */
interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Presigning {
  readonly keys?: Keys;
  readonly host?: string;
  readonly region?: string;
  readonly service?: string;
  readonly at?: number;
  readonly expires?: string;
  /** Further signed headers, such as x-k8s-aws-id. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AwsLab {
  readonly ca: LabCa;
  readonly clock: LabClock;
  readonly world: LabWorld;
  readonly standIn: AwsStandIn;
  sts(keys?: Keys, offsetMs?: number): STSClient;
  eks(keys?: Keys, region?: string): EKSClient;
  iam(keys?: Keys): IAMClient;
  raw(request: RawRequest): Promise<RawAnswer>;
  /** Path and query of a presigned GetCallerIdentity. */
  presign(options?: Presigning): string;
  close(): Promise<void>;
}

const sharedCa = makeLabCa();

/** `issuerUrl` is that of the OIDC provider; nobody listens there unless the test starts one. */
export async function startAwsLab(issuerUrl = "https://localhost:1"): Promise<AwsLab> {
  const ca = await sharedCa;
  const clock = labClock(NOON);
  const world = labWorld({ url: issuerUrl, ca: ca.cert }, new Date(NOON));
  const standIn = await startAwsStandIn({ ca, clock, world });
  const agent = new Agent({ ca: ca.cert });
  const settings = (keys: Keys, region: string, offsetMs: number) => ({
    endpoint: standIn.url,
    region,
    credentials: keys,
    maxAttempts: 1,
    requestHandler: { httpsAgent: agent },
    systemClockOffset: clock() - Date.now() + offsetMs,
  });

  return {
    ca,
    clock,
    world,
    standIn,
    sts: (keys = LAB_ADMIN_KEY, offsetMs = 0) => new STSClient(settings(keys, "us-east-1", offsetMs)),
    eks: (keys = LAB_ADMIN_KEY, region = "us-east-1") => new EKSClient(settings(keys, region, 0)),
    iam: (keys = LAB_ADMIN_KEY) => new IAMClient(settings(keys, "us-east-1", 0)),
    raw: (options) => sendRaw(standIn.url, ca, options),
    presign: (options = {}) => presigned({ at: clock(), ...options }),
    async close() {
      agent.destroy();
      await standIn.close();
    },
  };
}

/** Credentials of an answer as keys to sign with. */
export function keysOf(credentials: Credentials | undefined): Keys {
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined)
    throw new Error("the answer holds no credentials");
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** Code, status and text of a refusal, as the SDK hands it over. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ code: string; status: number | undefined; message: string }> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { code: name, status: $metadata?.httpStatusCode, message };
  }
  throw new Error("the call was answered, but a refusal was expected");
}

/** `20260115T120000Z` */
function stamp(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

function presigned(options: Presigning & { readonly at: number }): string {
  const { host = "sts.us-east-1.amazonaws.com", region = "us-east-1", at } = options;
  const keys: Keys = options.keys ?? LAB_ADMIN_KEY;
  const timestamp = stamp(at);
  const credential = [
    keys.accessKeyId,
    timestamp.slice(0, 8),
    region,
    options.service ?? "sts",
    "aws4_request",
  ];
  const headers = { host, ...options.headers };
  const signedHeaders = Object.keys(headers).sort();
  const parameters = {
    Action: "GetCallerIdentity",
    Version: "2011-06-15",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": credential.join("/"),
    "X-Amz-Date": timestamp,
    "X-Amz-Expires": options.expires ?? "60",
    ...(keys.sessionToken === undefined ? {} : { "X-Amz-Security-Token": keys.sessionToken }),
    "X-Amz-SignedHeaders": signedHeaders.join(";"),
  };
  const query = Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
  const signature = expectedSignature(
    { method: "GET", path: "/", query, headers, body: Buffer.alloc(0) },
    {
      credential: credential.join("/"),
      signedHeaders,
      timestamp,
      signature: "",
      sessionToken: keys.sessionToken,
    },
    keys.secretAccessKey,
  );
  return `/?${query}&X-Amz-Signature=${signature}`;
}

function sendRaw(
  url: string,
  ca: LabCa,
  { method = "GET", path, headers, body }: RawRequest,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const options = { method, path, headers: headers ?? {}, ca: ca.cert, agent: false as const };
    const sent = request(url, { ...options, servername: "localhost" }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers["content-type"] ?? "",
          headers: response.headers,
          body: text,
        }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
