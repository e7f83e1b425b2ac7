import type { HotCase } from "./hot-case.ts";

const AGENT_ROLE = "arn:aws:iam::111122223333:role/reader";

interface SafeguardWorld {
  /** Arguments of a context without a role for AI agents. */
  readonly args: readonly string[];
  /** The user's role in them. */
  readonly role: string;
  /** The user's cached token. */
  readonly userFile: string;
  /** The file of an agent's cached token. */
  tokenOf(agent: string, role: string): Readonly<Record<string, string>>;
}

/**
 * A protected context is not answered at all. Of agent and user in a context with a role for AI agents, neither is answered with the
 * other's token.
 */
export function safeguardCases({ args, role, userFile, tokenOf }: SafeguardWorld): HotCase[] {
  const withRole = [...args, "--agent-role", AGENT_ROLE];
  const isAgent = { CLAUDECODE: "1" };
  const onlyAgents = { [userFile]: undefined, ...tokenOf("claude-code", AGENT_ROLE) };
  return [
    { name: "a protected context", answers: false, args: [...args, "--protected"] },
    { name: "a user in a context with a role for AI agents", answers: true, args: withRole },
    {
      name: "an AI agent with a role of its own, where only the user's token is cached",
      answers: false,
      args: withRole,
      env: isAgent,
    },
    {
      name: "an AI agent with a role of its own, whose token is cached",
      answers: true,
      args: withRole,
      env: isAgent,
      files: onlyAgents,
      marksElsewhere: true,
    },
    {
      name: "an AI agent with a role of its own, where an agent's token for the user's role is cached",
      answers: false,
      args: withRole,
      env: isAgent,
      files: tokenOf("claude-code", role),
    },
    {
      name: "a user, where only the token of an AI agent is cached",
      answers: false,
      args: withRole,
      files: onlyAgents,
    },
    {
      name: "a user with the role of AI agents, where only the token of such an agent is cached",
      answers: false,
      args: args.map((word) => (word === role ? AGENT_ROLE : word)),
      files: onlyAgents,
    },
    {
      name: "another AI agent, where only the token of the first is cached",
      answers: false,
      args: withRole,
      env: { GEMINI_CLI: "1" },
      files: onlyAgents,
    },
  ];
}
