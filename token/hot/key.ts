import type { CurrentSession } from "./current.ts";
import { partitionOfRegion } from "./partition.ts";
import type { TokenQuestion } from "./question.ts";
import { VERSION } from "./version.ts";

/** Who asks: known once the session is found. */
export interface Asker {
  readonly session: CurrentSession;
  /** The AI agent that asks, or undefined for a person. */
  readonly agent: string | undefined;
}

/** All that changes the answer to a question for a token. */
export interface TokenKeyParts extends TokenQuestion, Asker {
  /** The host that is signed: region, partition, FIPS and dual-stack show in it. */
  readonly stsHost: string;
}

/**
 * The key of a cached token, as text. The only place it is built: the hot path and the full program must agree.
 * It is kept whole in the cache file and compared whole, so the file's short name may collide without harm.
 */
export function tokenKey({ session, ...asked }: TokenKeyParts): string {
  return JSON.stringify([
    VERSION,
    asked.server,
    session.identity,
    session.id,
    asked.role,
    asked.via,
    session.sessionName,
    asked.region,
    asked.cluster,
    partitionOfRegion(asked.region).id,
    asked.stsHost,
    asked.agent ?? null,
  ]);
}

/** The key of a question as it was put, whoever is logged in: what a burst of failures is recognized by. */
export function questionKey(question: object, agent: string | undefined): string {
  return JSON.stringify([VERSION, "question", question, agent ?? null]);
}
