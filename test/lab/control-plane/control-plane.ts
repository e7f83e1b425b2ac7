/**
 * The real control plane of one cluster of the lab: kube-apiserver on etcd, aws-iam-authenticator, the controller that
 * aggregates ClusterRoles. The lab's model stays what tests change: it is brought over before a connection is let in.
 */
import fs from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type KubeFaults, noFaults } from "../kube/faults.ts";
import { openFrontDoor } from "../kube/front-door.ts";
import type { KubeServer, RecordedRequest } from "../kube/kube-server.ts";
import { requestsIn } from "./audit-log.ts";
import { catchingUp } from "./catching-up.ts";
import { mirrorOf } from "./mirror.ts";
import { type ControlPlaneOptions, startPrograms } from "./start-programs.ts";

/** Source: kubernetes/kubernetes, pkg/kubeapiserver/options/authentication.go, TokenSuccessCacheTTL; and a bit more. */
const REMEMBERED_MS = 10_500;

/**
 * Starts all of it, and writes its address and CA into the cluster. Takes some seconds, and about 500 MB. Its programs are told
 * ports that nobody had a moment ago: where one of them comes to nothing, all are started once more.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<KubeServer> {
  try {
    return await startOnce(options);
  } catch (error) {
    process.stderr.write(`${brokenBy(error)}it is started once more\n`);
    return startOnce(options);
  }
}

async function startOnce(options: ControlPlaneOptions): Promise<KubeServer> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-control-plane-"));
  const stops: (() => void | Promise<void>)[] = [
    () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  ];
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const server = await start(options, { folder, stops, close });
    await requireAnswer(server.url, options.ca.cert);
    return server;
  } catch (error) {
    await close();
    throw error;
  }
}

interface Life {
  readonly folder: string;
  /** How to stop what runs so far. */
  readonly stops: (() => void | Promise<void>)[];
  readonly close: () => Promise<void>;
}

async function start(options: ControlPlaneOptions, { folder, stops, close }: Life): Promise<KubeServer> {
  const { ca, cluster } = options;
  const faults = noFaults();
  const programs = await startPrograms(options, folder, stops);
  const { apiserver, authenticator } = programs;
  const mirror = await mirrorOf(cluster, apiserver.admin);
  await mirror.push();
  const { catchUp, restore } = catchingUp({ cluster, faults, programs, mirror });

  const behind = async () => {
    if (needsReading(faults)) return undefined;
    await catchUp();
    return apiserver.port;
  };
  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    if (faults.takeover?.(incoming, response)) return;
    await catchUp();
    if (faults.slowMs > 0) await delay(faults.slowMs);
    passOn(incoming, response, { port: apiserver.port, ca: ca.cert });
  };
  const door = await openFrontDoor({
    ...{ ca, faults, port: 0 },
    behind: () => behind().catch(told),
    serve: (incoming, response) => void serve(incoming, response).catch(told),
  });
  stops.push(() => door.close());
  cluster.endpoint = `https://127.0.0.1:${door.port}`;
  cluster.certificateAuthority = ca.cert;

  let [firstRequest, firstRefusal] = [0, 0];
  const requests = () => requestsIn(fs.readFileSync(apiserver.auditLog, "utf8"));
  return {
    url: cluster.endpoint,
    faults,
    get requests(): readonly RecordedRequest[] {
      return requests().slice(firstRequest);
    },
    get authenticatorLog() {
      return authenticator.refusals.slice(firstRefusal);
    },
    clearRequests() {
      firstRequest = requests().length;
      firstRefusal = authenticator.refusals.length;
    },
    restore,
    forgetTokens: () => delay(REMEMBERED_MS),
    close,
  };
}

/** These faults are made by reading and writing HTTP. */
function needsReading({ takeover, slowMs }: KubeFaults): boolean {
  return takeover !== undefined || slowMs > 0;
}

function passOn(incoming: IncomingMessage, response: ServerResponse, to: { port: number; ca: string }): void {
  const { method, url: target, headers } = incoming;
  const request = https.request({ host: "127.0.0.1", ...to, method, path: target, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  request.on("error", () => response.destroy());
  incoming.pipe(request);
}

/** How long the first answer may take, in milliseconds: the authenticator begins before it. */
const FIRST_ANSWER_MS = 60_000;

/** Through its own door, as a client comes. Who that is does not matter: a refusal is an answer. */
function requireAnswer(url: string, ca: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = https.get(`${url}/version`, { ca, timeout: FIRST_ANSWER_MS }, (answer) => {
      answer.resume().on("end", resolve);
    });
    request.on("timeout", () => request.destroy(new Error(`no answer within ${FIRST_ANSWER_MS} ms`)));
    request.on("error", reject);
  });
}

/** Whoever runs the lab must hear that it is broken; the client sees a connection that is cut. */
function told(error: unknown): never {
  process.stderr.write(brokenBy(error));
  throw error;
}

function brokenBy(error: unknown): string {
  return `the lab's control plane broke: ${error instanceof Error ? error.stack : String(error)}\n`;
}
