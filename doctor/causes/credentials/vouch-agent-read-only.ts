import { detectAiAgent } from "../../../token/hot/ai-agent.ts";
import { type Description, defineRule, found, passed } from "../../check/rule.ts";
import { matchInError } from "../../derive/failure/error-sources.ts";
import { vouchTool } from "../../derive/identity/vouch-side.ts";
import type { ExecBlock } from "../../derive/kubeconfig/exec-block.ts";
import { forYou } from "../../fixes/fix.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";
import { failsWithout } from "../shared/refuted.ts";
import { NO_VOUCH } from "../shared/session-rule.ts";

/** AWS's reason if it is the session policy that lacks a permission. Source: IAM user guide, "Access denied errors". */
const BY_SESSION_POLICY = /because no session policy allows the ([\w:-]+) action/;

export const vouchAgentReadOnly = defineRule({
  cause: {
    id: "V5",
    what: "An AI agent runs the client, and its AWS session is read-only.",
    seen: "403 or AccessDenied on writes",
    remedy: "Run the command yourself in a terminal that an agent did not start.",
    sameAs: ["P11"],
  },
  expects: "a user runs the command, not an AI agent with a read-only AWS session",
  check(_, seen) {
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    const { exec } = seen;
    if (vouchTool(seen) === undefined && exec?.agent === undefined) return NO_VOUCH;
    const agent = exec?.agent ?? seen.vouch?.agent;
    if (agent === undefined) return passed;
    const refusal = matchInError(seen.pastedError, BY_SESSION_POLICY)?.match;
    return found({
      severity: refusal === undefined ? "warning" : "error",
      confidence: "certain",
      explains: refusal === undefined ? [] : ["P11", "P12", "P14"],
      describe: () => {
        if (refusal !== undefined) return refused(agent, refusal);
        return exec?.agent === undefined ? warning(agent) : limited(agent, exec);
      },
    });
  },
  refuted: (seen) =>
    failsWithout(
      seen,
      ({ environment }) =>
        environment !== undefined && detectAiAgent((name) => environment[name]) === undefined,
    ),
});

function warning(agent: string): Description {
  return {
    ...common(agent),
    summary: `${agent} runs this command with a read-only AWS session, but inside the cluster it has all your permissions.`,
    fixes: [
      forYou(
        "If the agent is only meant to read, do nothing. To limit it inside the cluster too, set up the context again with --agent-role ARN, a separate role for AI agents.",
      ),
    ],
  };
}

function limited(agent: string, { role, userRole }: ExecBlock): Description {
  return {
    ...common(agent),
    summary: `${agent} runs this command, so it gets ${role}, the context's role for AI agents.`,
    evidence: [
      ...common(agent).evidence,
      `For you, the context ${userRole === undefined ? "does not assume a role" : `uses ${userRole}`}.`,
    ],
    fixes: [
      forYou(
        "If the agent is meant to have only this role, do nothing. Otherwise run the command yourself in a terminal that an agent did not start.",
      ),
    ],
  };
}

function refused(agent: string, [line, action]: RegExpExecArray): Description {
  const { evidence, ...rest } = common(agent);
  return {
    ...rest,
    summary: `${agent} runs this command with a read-only AWS session, so ${action} is denied.`,
    evidence: [...evidence, `AWS returned: “${line}”`],
    fixes: [forYou("Run the command yourself in a terminal that an agent did not start.")],
  };
}

function common(agent: string) {
  return {
    evidence: [`The environment variables identify AI agent ${agent}.`],
    falsifiedBy:
      "The same command fails in the same way when you run it in a terminal that an agent did not start.",
  };
}
