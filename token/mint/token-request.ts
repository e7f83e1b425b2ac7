import { awsConfigPath } from "../aws/aws-paths.ts";
import { signedStsHost } from "../endpoints/aws-endpoint.ts";
import { type Env, envValue } from "../env.ts";
import { detectAiAgent } from "../hot/ai-agent.ts";
import type { CurrentSession } from "../hot/current.ts";
import { type SourceKeyParts, sourceTokenKey, type TokenKeyParts, tokenKey } from "../hot/key.ts";
import type { SourceTokenQuestion, TokenQuestion } from "../hot/question.ts";

/** A request for a token, with everything that was found out about it. */
export interface TokenRequest extends TokenKeyParts {
  /** The key that the hot path builds for this call, too. */
  readonly key: string;
}

/** A request for a token by an AWS profile, or by the environment. */
export interface SourceRequest extends SourceKeyParts, Pick<TokenRequest, "key"> {
  /** Absolute path of the AWS config. */
  readonly configFile: string;
}

/** Completes a question. Throws for a region or an environment that a token cannot be signed for. */
export function tokenRequest(question: TokenQuestion, session: CurrentSession, env: Env): TokenRequest {
  const parts = { ...question, session, ...signing(question.region, env) };
  return { ...parts, key: tokenKey(parts) };
}

/** Completes a question about a profile or the environment; `homeDir` is from the user database, for when HOME is not set. */
export function sourceRequest(
  question: SourceTokenQuestion,
  { env, homeDir }: { readonly env: Env; readonly homeDir: string },
): SourceRequest {
  const parts = { ...question, ...signing(question.region, env) };
  const variable = (name: string) => envValue(env, name) ?? (name === "HOME" ? homeDir : undefined);
  return { ...parts, key: sourceTokenKey(parts, variable), configFile: awsConfigPath(env, homeDir) };
}

function signing(region: string, env: Env): Pick<TokenKeyParts, "stsHost" | "agent"> {
  return { stsHost: signedStsHost(region, env), agent: detectAiAgent((name) => env[name]) };
}
