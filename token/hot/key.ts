import type { CurrentSession } from "./current.ts";
import { partitionOfRegion } from "./partition.ts";
import type { TokenQuestion } from "./question.ts";
import { VERSION } from "./version.ts";

/** All that changes the answer to a question for a token. */
export interface TokenKeyParts {
  readonly question: TokenQuestion;
  readonly session: CurrentSession;
  /** The host that is signed: region, partition, FIPS and dual-stack show in it. */
  readonly stsHost: string;
  /** The AI agent that asks, or null for a person. */
  readonly agent: string | null;
}

/**
 * The key of a cached token, as text. The only place it is built: the hot path and the full program must agree.
 * It is kept whole in the cache file and compared whole, so the file's short name may collide without harm.
 */
export function tokenKey({ question, session, stsHost, agent }: TokenKeyParts): string {
  return JSON.stringify([
    VERSION,
    question.server,
    session.identity,
    session.id,
    question.role,
    question.via,
    session.sessionName,
    question.region,
    question.cluster,
    partitionOfRegion(question.region).id,
    stsHost,
    agent,
  ]);
}

/** The key of a question as it was put, whoever is logged in: what a burst of failures is recognised by. */
export function questionKey(question: object, agent: string | null): string {
  return JSON.stringify([VERSION, "question", question, agent]);
}
