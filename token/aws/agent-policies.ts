import { partitionOfRegion } from "../hot/partition.ts";
import type { SessionPolicies } from "./sts.ts";

/** Who asks for a role, and the region of the STS that is asked. */
interface AgentCall {
  /** The AI agent that we run under; undefined for a user. */
  readonly agent: string | undefined;
  readonly region: string;
}

/** Limits the session of an AI agent: at the last hop it may only read, before that only assume the next role. */
export function agentPolicies(
  { agent, region }: AgentCall,
  isLast: boolean,
): { readonly policies?: SessionPolicies } {
  if (agent === undefined) return {};
  const partition = partitionOfRegion(region).id;
  return {
    policies: isLast
      ? { managed: [`arn:${partition}:iam::aws:policy/ReadOnlyAccess`] }
      : { inline: ASSUME_ONLY },
  };
}

/** The agent's restriction, as a part of the key by which credentials are cached. */
export function narrowing({ agent }: Pick<AgentCall, "agent">, isLast: boolean): string {
  if (agent === undefined) return "all";
  return isLast ? "read" : "assume";
}

const ASSUME_ONLY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"], Resource: "*" },
  ],
});
