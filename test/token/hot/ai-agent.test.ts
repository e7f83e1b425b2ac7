import assert from "node:assert/strict";
import { detectAiAgent } from "../../../token/hot/ai-agent.ts";

describe("detectAiAgent", () => {
  // Source: token/vouch/VOUCH-PROTOCOL.md, "AI agents".
  const cases: readonly (readonly [Record<string, string>, string | undefined])[] = [
    [{}, undefined],
    [{ AGENT: "amp" }, "amp"],
    [{ AGENT: "goose" }, "goose"],
    [{ AGENT: "something" }, "agent"],
    [{ AI_AGENT: "My Agent 7" }, "My Agent 7"],
    [{ CLAUDECODE: "1" }, "claude-code"],
    [{ CLAUDE_CODE: "1" }, "claude-code"],
    [{ CURSOR_TRACE_ID: "x" }, "cursor"],
    [{ CURSOR_AGENT: "1" }, "cursor"],
    [{ GEMINI_CLI: "1" }, "gemini"],
    [{ CODEX_SANDBOX: "seatbelt" }, "codex"],
    [{ CODEX_THREAD_ID: "x" }, "codex"],
    [{ COPILOT_MODEL: "x" }, "copilot"],
    [{ AUGMENT_AGENT: "1" }, "augment"],
    [{ ANTIGRAVITY_AGENT: "1" }, "antigravity"],
    [{ OPENCODE_CLIENT: "1" }, "opencode"],
    [{ CLINE_ACTIVE: "true" }, "cline"],
    [{ AGENT: "", AI_AGENT: "", CLAUDECODE: "" }, undefined],
    [{ AGENT: "", AI_AGENT: "x" }, "x"],
    [{ AGENT: "x", AI_AGENT: "y", CLAUDECODE: "1" }, "agent"],
    [{ AI_AGENT: "y", CLAUDECODE: "1" }, "y"],
    [{ CLINE_ACTIVE: "1", CURSOR_AGENT: "1" }, "cursor"],
  ];
  for (const [env, agent] of cases) {
    it(`is ${agent} with ${JSON.stringify(env)}`, () => {
      assert.equal(
        detectAiAgent((name) => env[name]),
        agent,
      );
    });
  }
});
