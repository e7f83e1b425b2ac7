import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { listenOnLoopback } from "../../../lab/loopback.ts";
import type { LabCa } from "../../../lab/tls.ts";
import { presignedSignature } from "./presigned-token.ts";

/** Whose access key is whose. */
export interface Caller {
  readonly secret: string;
  readonly arn: string;
  readonly userId: string;
}

/** Instead of the true answer: a whole answer, or what happens to the connection. */
type Mood = { readonly status: number; readonly body: string } | "hang" | "close" | undefined;

/** As much of STS as the verifier meets: GetCallerIdentity, presigned, in JSON, the signature checked. */
export interface FakeSts {
  readonly url: string;
  readonly ca: string;
  mood: Mood;
  /** Headers of each request that came. */
  readonly seen: { host: string | undefined; cluster: unknown; accept: string | undefined }[];
  close(): Promise<void>;
}

export async function startFakeSts(ca: LabCa, callers: ReadonlyMap<string, Caller>): Promise<FakeSts> {
  const own = await ca.issue(["127.0.0.1", "sts.us-east-1.amazonaws.com"]);
  const server = createServer(own, (request, response) => {
    const { host, accept } = request.headers;
    sts.seen.push({ host, cluster: request.headers["x-k8s-aws-id"], accept });
    if (sts.mood === "hang") return;
    if (sts.mood === "close") request.socket.destroy();
    else if (sts.mood !== undefined) reply(response, sts.mood.status, sts.mood.body);
    else identify(request, response, callers);
  });
  const { port, close } = await listenOnLoopback(server);
  const sts: FakeSts = {
    url: `https://127.0.0.1:${port}`,
    ca: ca.cert,
    mood: undefined,
    seen: [],
    close,
  };
  return sts;
}

function identify(
  { url = "", headers }: IncomingMessage,
  response: ServerResponse,
  callers: ReadonlyMap<string, Caller>,
): void {
  const { pathname: path, searchParams } = new URL(url, "https://sts");
  const caller = callers.get((searchParams.get("X-Amz-Credential") ?? "").split("/")[0] ?? "");
  if (caller === undefined) {
    fail(response, "InvalidClientTokenId", "The security token included in the request is invalid.");
    return;
  }
  const query = [...searchParams].filter(([key]) => key !== "X-Amz-Signature");
  const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const expected = presignedSignature({ path, query, headers: flat, secret: caller.secret });
  if (expected !== searchParams.get("X-Amz-Signature")) {
    fail(
      response,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    );
    return;
  }
  const Account = caller.arn.split(":")[4];
  const GetCallerIdentityResult = { Account, Arn: caller.arn, UserId: caller.userId };
  reply(response, 200, JSON.stringify({ GetCallerIdentityResponse: { GetCallerIdentityResult } }));
}

function fail(response: ServerResponse, Code: string, Message: string): void {
  reply(response, 403, JSON.stringify({ Error: { Code, Message, Type: "Sender" }, RequestId: "0" }));
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(body);
}
