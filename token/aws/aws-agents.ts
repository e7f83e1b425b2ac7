import type http from "node:http";
import type https from "node:https";
import type { Env } from "../env.ts";
import { httpsAgent } from "../net/https-agent.ts";

/**
 * The agent for the SDK's request handler. It goes by the target, not by the agent's class: one for a proxy is no
 * `https.Agent` but does an https agent's work.
 */
export function awsAgents({
  env,
  target,
  caBundle,
}: {
  readonly env: Env;
  readonly target: URL;
  readonly caBundle: string | undefined;
}): { httpsAgent: https.Agent } | { httpAgent: http.Agent } {
  const agent = httpsAgent({ env, caBundle, target });
  return target.protocol === "https:" ? { httpsAgent: agent as https.Agent } : { httpAgent: agent };
}
