import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { VouchError } from "../../../errors/errors.ts";
import { sendRequest } from "../../../net/http-client.ts";
import { httpsAgent } from "../../../net/https-agent.ts";
import type { ExchangeLimits } from "../../../net/limits.ts";
import { networkError } from "../../../net/network-error.ts";
import { awsNetworkError } from "../../aws-network-error.ts";
import { isLinkLocal } from "../machine-addresses.ts";
import type { PlanAccess } from "../opened-source.ts";

/** The agent is on this machine or one link away; its answers have some two thousand bytes. */
const LIMITS: ExchangeLimits = { connectMs: 1000, totalMs: 3000, bodyBytes: 64 * 1024 };

/** An agent that has just been started may have no credentials yet. Source: AWS CLI, utils.py (`ContainerMetadataFetcher`). */
const TRIES = 3;
const PAUSE_MS = 300;

interface MachineRequest {
  readonly method: "GET" | "PUT";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The error if the source does not answer; `why` completes a sentence. */
  readonly failed: (why: string) => VouchError;
}

interface MachineAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Asks an agent next to us: on this machine, at one of AWS's link-local addresses (which no name server, route or proxy can
 * redirect), or at an https address. Repeats the call if there is no answer, or the server failed.
 */
export async function askMachine(request: MachineRequest, access: PlanAccess): Promise<MachineAnswer> {
  for (let left = TRIES - 1; ; left--) {
    const answer = await ask(request, access).catch((error: unknown) => {
      if (left > 0 && !access.signal.aborted) return undefined;
      throw unanswered(error, request);
    });
    if (answer !== undefined && (answer.status < 500 || left === 0)) return answer;
    await sleep(PAUSE_MS);
  }
}

function unanswered(error: unknown, { url, failed }: MachineRequest): unknown {
  const known = awsNetworkError(networkError(error, url.host));
  return known instanceof VouchError && known.code === "aws-unreachable"
    ? failed(known.message.replace(/\.$/, ""))
    : known;
}

async function ask(
  { method, url, headers }: MachineRequest,
  { env, endpoints, clock, signal }: PlanAccess,
): Promise<MachineAnswer> {
  const agent = (ends: AbortSignal) =>
    isLinkLocal(url)
      ? new http.Agent({ keepAlive: false })
      : httpsAgent({ env, caBundle: endpoints.awsCaBundle, target: url, signal: ends });
  const { status, body } = await sendRequest(
    { method, url, headers, agent },
    { limits: LIMITS, clock, signal },
  );
  return { status, text: body.toString("utf8") };
}
