import { createHash } from "node:crypto";
import path from "node:path";
import type { Witness } from "../../hot/cached-token.ts";
import type { CurrentSession } from "../../hot/current.ts";
import type { CredentialsKey } from "../../mint/credentials-cache.ts";
import type { CredentialsWish } from "../../mint/mint-source.ts";
import type { AwsCredentials, TemporaryCredentials } from "../aws-credentials.ts";
import type { BearerAccess } from "../bearer-call.ts";
import type { VouchProcess } from "../vouch-process.ts";
import type { ApprovedProcess } from "./process-approval.ts";

/**
 * Files with their identities, as the warm path compares them; undefined where that would not tell whether an answer still
 * holds.
 */
export type Witnesses = readonly Witness[] | undefined;

/** A plan, opened: its files are read, its tokens refreshed where they must be; neither STS nor the portal has been asked. */
export interface OpenedSource {
  /** SHA-256 in hexadecimal of what decides whose credentials come, secrets left out: the same digest, the same identity. */
  readonly digest: string;
  readonly witnesses: Witnesses;
  /** When the session that it stands on ends, in milliseconds since 1970; undefined where nobody says. */
  readonly end?: number | undefined;
  credentials(wish: CredentialsWish): Promise<AwsCredentials>;
}

/** Credentials that are kept and good enough, else new ones, which are kept then. */
type KeptCredentials = (
  key: CredentialsKey,
  wish: CredentialsWish,
  ask: () => Promise<TemporaryCredentials>,
) => Promise<TemporaryCredentials>;

/** How a program ended, and what it said. */
interface EndedProcess {
  /** Null: a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Set where its time was up: how much that was, in milliseconds. */
  readonly lateMs?: number;
}

/** Where a role of Vouch's is asked for, and what for. */
export interface VouchHop {
  /** Of the STS that is asked. */
  readonly region: string;
  /** False: another role is assumed with it. */
  readonly isLast: boolean;
}

/** A role of Vouch's, for whoever is logged in. */
export interface VouchRole {
  readonly session: CurrentSession;
  /** The session's secrets are opened only now. */
  credentials(wish: CredentialsWish): Promise<TemporaryCredentials>;
}

/** What a source needs of the outside. */
export interface SourceAccess extends BearerAccess {
  /** The profile that was asked for, and not one that it builds on; null: whoever calls. */
  readonly profile: string | null;
  readonly isWindows: boolean;
  /** Our state folder. */
  readonly state: string;
  /** For roles, web identities and Identity Center: what others give is kept by them, or not at all. */
  readonly kept: KeptCredentials;
  /** The AI agent that we run under. */
  readonly agent: string | undefined;
  /** Asks the person for a code of an MFA device, at the terminal. Undefined: nobody may be asked. */
  readonly mfaCode: ((serial: string) => Promise<string>) | undefined;
  /** What a person approved to be run. */
  readonly approvedProcess: ApprovedProcess | undefined;
  /**
   * Runs a program by its absolute path to its end: without shell, terminal and standard input, within a limit of time. The
   * environment is the whole one.
   */
  readonly runProcess: (
    command: readonly string[],
    env: Readonly<Record<string, string>>,
  ) => Promise<EndedProcess>;
  /** The role that a line of ours names. Throws `logged-out` and `session-expired` at once. */
  readonly vouchRole: (process: VouchProcess, hop: VouchHop) => Promise<VouchRole>;
  /** An address for a container's credentials that setup recorded. */
  readonly container: RecordedContainer | undefined;
  /** Where setup recorded that instance metadata are; undefined: at 169.254.169.254. */
  readonly metadataEndpoint: string | undefined;
}

/** Where a container gets its credentials, besides the addresses that everybody knows. */
export interface RecordedContainer {
  /** As AWS_CONTAINER_CREDENTIALS_FULL_URI names it. */
  readonly uri: string;
  /** As AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names it, if a token goes there. */
  readonly tokenFile: string | undefined;
}

export function digestOf(...parts: readonly (string | number | undefined)[]): string {
  return sha256(JSON.stringify(parts.map((part) => part ?? null)));
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** That of a file which a setting or a variable names; where that is relative, the working directory decides, too. */
export function witnessOf(file: string, identity: string | undefined): Witnesses {
  return identity !== undefined && path.isAbsolute(file) ? [[file, identity]] : undefined;
}

/** Those of all parts of a source. */
export function joinedWitnesses(...parts: readonly Witnesses[]): Witnesses {
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? known.flat() : undefined;
}
