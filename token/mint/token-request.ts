import { signedStsHost } from "../aws/signed-sts-host.ts";
import { type Env, envValue } from "../env.ts";
import { detectAiAgent } from "../hot/ai-agent.ts";
import type { CurrentSession } from "../hot/current.ts";
import { type AwsKeyParts, sourceTokenKey, tokenKey, type VouchKeyParts } from "../hot/key.ts";
import type { AwsQuestion, VouchQuestion } from "../hot/question.ts";

/** A request for a token, with everything that was found out about it. */
export interface TokenRequest extends VouchKeyParts {
  /** The key that the hot path builds for this call, too. */
  readonly key: string;
}

/** Completes a question. Throws for a region or an environment that a token cannot be signed for. */
export function vouchRequest(question: VouchQuestion, session: CurrentSession, env: Env): TokenRequest {
  const parts = { ...question, session, ...signing(question.region, env) };
  return { ...parts, key: tokenKey(parts) };
}

/** Completes a question about a profile or the environment; `homeDir` is from the user database, for when HOME is not set. */
export function awsRequest(
  question: AwsQuestion,
  { env, homeDir }: { readonly env: Env; readonly homeDir: string },
): AwsKeyParts & Pick<TokenRequest, "key"> {
  const parts = { ...question, ...signing(question.region, env) };
  const variable = (name: string) => envValue(env, name) ?? (name === "HOME" ? homeDir : undefined);
  return { ...parts, key: sourceTokenKey(parts, variable) };
}

function signing(region: string, env: Env): Pick<VouchKeyParts, "stsHost" | "agent"> {
  return { stsHost: signedStsHost(region, env), agent: detectAiAgent((name) => env[name]) };
}
