import { randomUUID } from "node:crypto";
import { createServer } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { LabClock } from "../clock.ts";
import { listenOnLoopback } from "../loopback.ts";
import type { LabWorld } from "../model.ts";
import type { LabCa } from "../tls.ts";
import type { Caller } from "./caller.ts";
import { EKS } from "./eks/service.ts";
import { type AwsServiceName, type Endpoint, endpointOf } from "./endpoint.ts";
import { AwsFailure } from "./failure.ts";
import { type AwsFaults, isDenied, isHit, noFaults } from "./faults.ts";
import { IAM } from "./iam/service.ts";
import { type AwsReply, type AwsRequest, readRequest } from "./request.ts";
import { serverNames } from "./server-names.ts";
import type { AwsService, BoundOperation } from "./service.ts";
import { authenticate } from "./sigv4/authenticate.ts";
import { scopeRegion } from "./sigv4/signature-parts.ts";
import { STS } from "./sts/service.ts";

/** One call as the stand-in saw it. */
interface RecordedCall {
  readonly service: AwsServiceName;
  readonly operation: string;
  /** ARN of the caller; undefined for a call without a signature, or with a bad one. */
  readonly principal: string | undefined;
  /** Without tokens, signatures and keys. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly region: string;
  readonly time: Date;
  /** AWS's code of the refusal; undefined when it was answered. */
  readonly error: string | undefined;
}

export interface AwsStandIn {
  /** What to put into AWS_ENDPOINT_URL. */
  readonly url: string;
  readonly world: LabWorld;
  readonly faults: AwsFaults;
  readonly calls: readonly RecordedCall[];
  clearCalls(): void;
  close(): Promise<void>;
}

interface AwsStandInOptions {
  readonly ca: LabCa;
  readonly clock: LabClock;
  readonly world: LabWorld;
  readonly port?: number;
}

/** Longer than anybody waits between two calls while the other person approves. */
const KEEP_ALIVE_MS = 60_000;

/** Services whose callers sign. */
export const SIGNED_SERVICES: readonly AwsService[] = [STS, EKS, IAM];
/** Those by which people log in are loaded when the first call for one comes. */
const SERVICES: Readonly<Record<AwsServiceName, () => AwsService | Promise<AwsService>>> = {
  sts: () => STS,
  eks: () => EKS,
  iam: () => IAM,
  sso: async () => (await import("./sso/service.ts")).SSO,
  "sso-oidc": async () => (await import("./sso-oidc/service.ts")).SSO_OIDC,
  signin: async () => (await import("./signin/service.ts")).SIGNIN,
};

/**
 * STS, EKS, IAM and the services by which people log in, on one loopback port, in AWS's wire formats.
 *
 * Every call of the first three but AssumeRoleWithWebIdentity must carry a good SigV4 signature. Requests may come for AWS's
 * own host names (which then bind region and service of the signature) or for the loopback address (where the signature
 * names them). What exists is `world`; the stand-in keeps nothing else.
 */
export async function startAwsStandIn(options: AwsStandInOptions): Promise<AwsStandIn> {
  const { ca, clock, world } = options;
  const faults = noFaults();
  const calls: RecordedCall[] = [];
  const own = await ca.issue(["localhost", "127.0.0.1", "::1"]);
  const server = createServer({ ...own, SNICallback: serverNames(ca, own) }, (incoming, outgoing) => {
    if (faults.takeover?.(incoming, outgoing)) return;
    const now = new Date(clock());
    void readRequest(incoming)
      .then((request) => answer({ request, world, faults, now, record: (call) => calls.push(call) }))
      .then((reply) => {
        if (!reply) return void outgoing.destroy();
        outgoing.writeHead(reply.status, { ...reply.headers, date: now.toUTCString() });
        outgoing.end(reply.body);
      })
      .catch((error: unknown) => {
        outgoing.writeHead(500, { "content-type": "text/plain" });
        outgoing.end(`The stand-in itself failed: ${error instanceof Error ? error.stack : String(error)}`);
      });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const { port, close } = await listenOnLoopback(server, options.port);

  return {
    url: `https://127.0.0.1:${port}`,
    world,
    faults,
    calls,
    clearCalls: () => calls.splice(0),
    close,
  };
}

interface Exchange {
  readonly request: AwsRequest;
  readonly world: LabWorld;
  readonly faults: AwsFaults;
  readonly now: Date;
  readonly record: (call: RecordedCall) => void;
}

/** Undefined cuts the connection. */
async function answer(exchange: Exchange): Promise<AwsReply | undefined> {
  const { request, faults } = exchange;
  const endpoint = endpointOf(request);
  if (!endpoint)
    return { status: 421, headers: { "content-type": "text/plain" }, body: "No such AWS endpoint\n" };
  const service = await SERVICES[endpoint.service]();
  const requestId = randomUUID();
  try {
    const operation = service.find(request, requestId);
    const hit = isHit(faults, `${service.name}:${operation.name}`);
    if (hit && faults.slowMs > 0) await sleep(faults.slowMs, undefined, { ref: false });
    if (hit && faults.down) return undefined;
    return await perform(exchange, { endpoint, service, operation, hit });
  } catch (error) {
    if (error instanceof AwsFailure) return service.fail(error, request, requestId);
    throw error;
  }
}

interface Target {
  readonly endpoint: Endpoint;
  readonly service: AwsService;
  readonly operation: BoundOperation;
  readonly hit: boolean;
}

async function perform({ request, world, faults, now, record }: Exchange, target: Target): Promise<AwsReply> {
  const { endpoint, service, operation, hit } = target;
  const region = endpoint.region ?? scopeRegion(request) ?? "us-east-1";
  let caller: Caller | undefined;
  let error: string | undefined;
  try {
    if (hit && faults.fail > 0) throw countedDown(faults, "fail", service.broken);
    if (hit && faults.throttle > 0) throw countedDown(faults, "throttle", service.throttled);
    if (operation.signed) caller = authenticate({ request, endpoint, world, now });
    if (isDenied(faults, service.name, operation.name)) throw controlPolicyDenial(service, operation, caller);
    return await operation.answer({ world, now, region }, caller);
  } catch (thrown) {
    error = thrown instanceof AwsFailure ? thrown.code : "the stand-in failed";
    throw thrown;
  } finally {
    const { name, parameters } = operation;
    record({
      service: service.name,
      operation: name,
      principal: caller?.arn,
      parameters,
      region,
      time: now,
      error,
    });
  }
}

function countedDown(faults: AwsFaults, count: "fail" | "throttle", failure: AwsFailure): AwsFailure {
  faults[count] -= 1;
  return failure;
}

function controlPolicyDenial(
  service: AwsService,
  operation: BoundOperation,
  caller: Caller | undefined,
): AwsFailure {
  const action = `${service.name}:${operation.name}`;
  const code = service.name === "eks" ? "AccessDeniedException" : "AccessDenied";
  if (!caller) return new AwsFailure(code, 403, `Not authorized to perform ${action}`);
  const ending = "with an explicit deny in a service control policy";
  return new AwsFailure(code, 403, `User: ${caller.arn} is not authorized to perform: ${action} ${ending}`);
}
