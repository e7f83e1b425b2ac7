import { createHash } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { Endpoints } from "../../endpoints/endpoints.ts";
import type { Env } from "../../env.ts";
import type { AwsCredentials, TemporaryCredentials } from "../aws-credentials.ts";
import type { SsoPlan } from "./plan-kinds.ts";

/** What is wanted of credentials. */
export interface CredentialsWish {
  /** Those that are kept were refused: ask again. Nobody is asked for a code then. */
  readonly fresh: boolean;
  /** How long they must live at least, in milliseconds. */
  readonly minRemainingMs: number;
}

/**
 * Files with their identities, as the warm path compares them; undefined where that would not tell whether an answer still
 * holds.
 */
export type Witnesses = readonly (readonly [path: string, identity: string])[] | undefined;

/** A plan, opened: its files are read, its tokens refreshed where they must be; neither STS nor the portal has been asked. */
export interface OpenedSource {
  /** SHA-256 in hexadecimal of what decides whose credentials come, secrets left out: the same digest, the same identity. */
  readonly digest: string;
  readonly witnesses: Witnesses;
  /** Whether an agent's session is narrowed: the last step is a role that we assume. */
  readonly canNarrow: boolean;
  /** When the credentials end, as far as it is known without asking; milliseconds since 1970. */
  readonly end: number | undefined;
  credentials(wish: CredentialsWish): Promise<AwsCredentials>;
}

/** Credentials of roles, kept from call to call by the digest of their source. */
export interface CredentialsCache {
  get(digest: string): Promise<TemporaryCredentials | undefined>;
  keep(digest: string, credentials: TemporaryCredentials): Promise<void>;
}

/** Tokens and roles of IAM Identity Center. */
interface IdentityCenter {
  /** The access token of the plan's session, refreshed where it is about to end. */
  accessToken(plan: SsoPlan): Promise<{
    readonly accessToken: string;
    readonly witness: readonly [path: string, identity: string] | undefined;
  }>;
  roleCredentials(plan: SsoPlan, accessToken: string): Promise<TemporaryCredentials>;
}

/** What a source needs of the outside. */
export interface SourceAccess {
  readonly env: Env;
  readonly homeDir: string;
  readonly clock: Clock;
  /** As they are recorded; named now, in setup and login. */
  readonly endpoints: Endpoints;
  readonly identityCenter: IdentityCenter;
  /** Undefined: nothing is kept, and nothing that was kept is used. */
  readonly cache: CredentialsCache | undefined;
  /** The AI agent that we run under. */
  readonly agent: string | undefined;
  /** Asks the person for a code of an MFA device, at the terminal. Undefined: nobody may be asked. */
  readonly mfaCode: ((serial: string) => Promise<string>) | undefined;
}

export function digestOf(...parts: readonly (string | number | undefined)[]): string {
  return sha256(JSON.stringify(parts.map((part) => part ?? null)));
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Those of all parts of a source. */
export function joinedWitnesses(...parts: readonly Witnesses[]): Witnesses {
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? known.flat() : undefined;
}

/**
 * Those that are kept, if they live long enough, else new ones, which are kept then.
 */
export async function keptCredentials(
  digest: string,
  { fresh, minRemainingMs }: CredentialsWish,
  {
    access: { cache, clock },
    ask,
  }: { readonly access: SourceAccess; readonly ask: () => Promise<TemporaryCredentials> },
): Promise<TemporaryCredentials> {
  const kept = fresh ? undefined : await cache?.get(digest);
  if (kept !== undefined && kept.expires - clock() >= minRemainingMs) return kept;
  const credentials = await ask();
  await cache?.keep(digest, credentials);
  return credentials;
}
