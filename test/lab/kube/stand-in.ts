/**
 * An EKS API server in this process: TLS on loopback, the authenticator in front, RBAC and access policies, and as
 * much of the API as kubectl needs to get, create, change and delete things. Everything it knows is in the model, so
 * tests change that. Absent on purpose: controllers, kubelets, admission, custom resources, watch events, pages.
 */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { LabClock } from "../clock.ts";
import type { Cluster, LabWorld } from "../model.ts";
import type { LabCa } from "../tls.ts";
import { type AnswerOptions, answer, type RawRequest } from "./answer.ts";
import type { Reply } from "./api/api-call.ts";
import { objectStore } from "./api/object-store.ts";
import { makeAuthenticator } from "./authentication/authenticator.ts";
import { tokenMemory } from "./authentication/token-memory.ts";
import { noFaults } from "./faults.ts";
import { openFrontDoor } from "./front-door.ts";
import type { KubeServer, RecordedRequest } from "./kube-server.ts";

interface KubeStandInOptions {
  readonly ca: LabCa;
  readonly clock: LabClock;
  readonly world: Pick<LabWorld, "partition">;
  readonly cluster: Cluster;
  /** The AWS stand-in: where the verifier sends presigned requests, whatever host they name. */
  readonly sts: { readonly url: string; readonly ca: string };
  readonly port?: number;
  /** Milliseconds the verifier waits for STS. */
  readonly stsTimeoutMs?: number;
}

/** Source: aws-iam-authenticator, pkg/token/token.go, `Verify`. */
const STS_TIMEOUT_MS = 10_000;

/** Starts it, and writes its address and CA into the cluster. */
export async function startKubeStandIn(options: KubeStandInOptions): Promise<KubeServer> {
  const { ca, clock, world, cluster, port = 0, stsTimeoutMs = STS_TIMEOUT_MS } = options;
  const faults = noFaults();
  const requests: RecordedRequest[] = [];
  const authenticatorLog: string[] = [];
  const memory = tokenMemory(clock);
  const answering: AnswerOptions = {
    cluster,
    store: objectStore(cluster),
    clock,
    faults,
    authenticate: memory.remembering(
      makeAuthenticator({
        clock,
        cluster,
        partition: world.partition,
        sts: { ...options.sts, timeoutMs: stsTimeoutMs },
        log: (line) => authenticatorLog.push(line),
      }),
    ),
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    if (faults.takeover?.(incoming, response)) return;
    const request = await readRequest(incoming);
    const { method, target: path } = request;
    const { reply, user, reason } = await answer(answering, request);
    if (reason !== undefined) authenticatorLog.push(reason);
    requests.push({ method, path, status: reply.status, user, reason, time: clock() });
    if (faults.slowMs > 0) await delay(faults.slowMs);
    send(response, reply, { now: clock(), pretty: isPretty(incoming) });
  };
  const door = await openFrontDoor({
    ca,
    port,
    faults,
    serve: (incoming, response) => void serve(incoming, response).catch(() => response.destroy()),
  });
  cluster.endpoint = `https://127.0.0.1:${door.port}`;
  cluster.certificateAuthority = ca.cert;

  return {
    url: cluster.endpoint,
    faults,
    requests,
    authenticatorLog,
    clearRequests() {
      requests.length = 0;
      authenticatorLog.length = 0;
    },
    restore: memory.forget,
    forgetTokens: async () => memory.forget(),
    close: () => door.close(),
  };
}

async function readRequest(incoming: IncomingMessage): Promise<RawRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = "GET", url: target = "/", headers } = incoming;
  return { method, target, headers, body: Buffer.concat(chunks) };
}

/**
 * People's tools get indented JSON. Source: kubernetes/apiserver, isPrettyPrint; doctor/EKS-ACCESS.md, "Words of 401".
 */
function isPretty({ url = "", headers }: IncomingMessage): boolean {
  const asked = new URL(url, "https://lab").searchParams.get("pretty");
  if (asked !== null) return ["", "true", "1"].includes(asked);
  return /^(curl|Wget|Mozilla\/5\.0)/.test(headers["user-agent"] ?? "");
}

/** `now` dates the answer: clients compare their clock with it. */
function send(
  response: ServerResponse,
  reply: Reply,
  { now, pretty }: { now: number; pretty: boolean },
): void {
  const json = () => (pretty ? JSON.stringify(reply.body, null, 2) : `${JSON.stringify(reply.body)}\n`);
  const isRaw = typeof reply.body === "string" || reply.body instanceof Uint8Array;
  response.statusMessage = STATUS_CODES[reply.status] ?? "";
  response.statusCode = reply.status;
  response.setHeader("Content-Type", reply.contentType ?? "application/json");
  response.setHeader("Date", new Date(now).toUTCString());
  response.setHeader("Audit-Id", "00000000-0000-4000-8000-000000000000");
  if (reply.status === 429) response.setHeader("Retry-After", "1");
  if (reply.openMs === undefined) {
    response.end(isRaw ? reply.body : json());
    return;
  }
  response.flushHeaders();
  const timer = setTimeout(() => response.end(), reply.openMs);
  response.on("close", () => clearTimeout(timer));
}
