import type http from "node:http";
import type https from "node:https";
import type { Env } from "../env.ts";
import { httpsAgent } from "../net/https-agent.ts";

/**
 * The agent for the SDK's request handler: `AWS_CA_BUNDLE`, `HTTPS_PROXY` and `NO_PROXY` as the environment says. It goes
 * by the target, not by the agent's class: one for a proxy is no `https.Agent` but does an https agent's work.
 */
export function awsAgents(env: Env, target: URL): { httpsAgent: https.Agent } | { httpAgent: http.Agent } {
  const agent = httpsAgent({ env, caVariable: "AWS_CA_BUNDLE", target });
  return target.protocol === "https:" ? { httpsAgent: agent as https.Agent } : { httpAgent: agent };
}
