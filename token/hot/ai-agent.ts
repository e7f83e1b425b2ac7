/**
 * Variables that tell us that an AI agent runs us, in the order in which they are checked; the first match wins.
 *
 * Source: token/vouch/VOUCH-PROTOCOL.md, "AI agents".
 */
const AGENT_VARIABLES: readonly (readonly [variable: string, agent: string])[] = [
  ["CLAUDECODE", "claude-code"],
  ["CLAUDE_CODE", "claude-code"],
  ["CURSOR_TRACE_ID", "cursor"],
  ["CURSOR_AGENT", "cursor"],
  ["GEMINI_CLI", "gemini"],
  ["CODEX_SANDBOX", "codex"],
  ["CODEX_THREAD_ID", "codex"],
  ["COPILOT_MODEL", "copilot"],
  ["AUGMENT_AGENT", "augment"],
  ["ANTIGRAVITY_AGENT", "antigravity"],
  ["OPENCODE_CLIENT", "opencode"],
  ["CLINE_ACTIVE", "cline"],
];

/**
 * The AI agent that runs us, or undefined for a user. An empty variable counts as unset.
 *
 * It narrows what AWS grants (a read-only session); it is no security boundary, since whoever sets variables can unset them.
 */
export function detectAiAgent(env: (name: string) => string | undefined): string | undefined {
  const generic = env("AGENT");
  if (generic) return generic === "amp" || generic === "goose" ? generic : "agent";
  const verbatim = env("AI_AGENT");
  if (verbatim) return verbatim;
  // By index: destructuring a pair runs an iterator, at each call of kubectl.
  return AGENT_VARIABLES.find((pair) => env(pair[0]))?.[1];
}
