import { signedStsHost } from "../aws/signed-sts-host.ts";
import type { Env } from "../env.ts";
import { detectAiAgent } from "../hot/ai-agent.ts";
import type { CurrentSession } from "../hot/current.ts";
import { type TokenKeyParts, tokenKey } from "../hot/key.ts";
import type { TokenQuestion } from "../hot/question.ts";

/** A question for a token, with all that was found out about it. */
export interface TokenRequest extends TokenKeyParts {
  /** Equal to what the hot path builds for the same call. */
  readonly key: string;
}

/** Completes a question. Throws for a region or an environment that cannot be signed for. */
export function tokenRequest(question: TokenQuestion, session: CurrentSession, env: Env): TokenRequest {
  const stsHost = signedStsHost(question.region, env);
  const agent = detectAiAgent((name) => env[name]);
  const parts = { ...question, session, stsHost, agent };
  return { ...parts, key: tokenKey(parts) };
}
