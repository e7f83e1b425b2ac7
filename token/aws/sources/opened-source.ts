import { createHash } from "node:crypto";
import path from "node:path";
import type { Witness } from "../../hot/cached-token.ts";
import type { CurrentSession } from "../../hot/current.ts";
import type { CredentialsKey, CredentialsWish } from "../../mint/mint-source.ts";
import type { AwsCredentials, TemporaryCredentials } from "../aws-credentials.ts";
import type { BearerAccess } from "../bearer-call.ts";
import type { VouchProcess } from "../vouch-process.ts";
import type { ApprovedProcess } from "./process-approval.ts";

/**
 * Files with their identities, as the warm path compares them; undefined if they would not tell whether an answer is still valid.
 */
export type Witnesses = readonly Witness[] | undefined;

/** An open plan: its files have been read, and its tokens refreshed if necessary; neither STS nor the portal has been called. */
export interface OpenPlan {
  /** SHA-256 in hexadecimal of what determines whose credentials these are, without secrets: same digest, same identity. */
  readonly digest: string;
  readonly witnesses: Witnesses;
  /** When the underlying session ends, in milliseconds since 1970; undefined if not known. */
  readonly end?: number | undefined;
  /** Another person's credentials may have the same digest: only a program, or a container's agent, knows whose it returns. */
  readonly isAnyones?: boolean;
  credentials(wish: CredentialsWish): Promise<AwsCredentials>;
}

/** Cached credentials if they are good enough, else new ones, which are then cached. */
type KeptCredentials = (
  key: CredentialsKey,
  wish: CredentialsWish,
  ask: () => Promise<TemporaryCredentials>,
) => Promise<TemporaryCredentials>;

/** How a program ended, and its output. */
interface EndedProcess {
  /** Undefined: a signal ended it. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Set if its time was up: the limit, in milliseconds. */
  readonly lateMs?: number;
}

/** Where and for what a role from Vouch is requested. */
export interface VouchHop {
  /** Region of the STS that is called. */
  readonly region: string;
  /** False: another role is assumed with it. */
  readonly isLast: boolean;
}

/** A role from Vouch, for whoever is logged in. */
export interface VouchRole {
  readonly session: CurrentSession;
  /** Opens the session's secrets, which are closed until then. */
  credentials(wish: CredentialsWish): Promise<TemporaryCredentials>;
}

/** What a source needs from outside. */
export interface PlanAccess extends BearerAccess {
  /** The profile that was requested, not one that it builds on; undefined means the caller's own credentials. */
  readonly profile: string | undefined;
  readonly isWindows: boolean;
  /** Our state folder. */
  readonly state: string;
  /** For roles, web identities and Identity Center. Other sources cache their credentials themselves, or not at all. */
  readonly kept: KeptCredentials;
  /** The AI agent that we run under. */
  readonly agent: string | undefined;
  /** Asks the user for a code of an MFA device, at the terminal. Undefined: no one may be asked. */
  readonly mfaCode: ((serial: string) => Promise<string>) | undefined;
  /** The process that a user approved. */
  readonly approvedProcess: ApprovedProcess | undefined;
  /**
   * Runs a program by its absolute path and waits for its end: without shell, terminal and standard input, within a time limit.
   * `env` is its whole environment.
   */
  readonly runProcess: (
    command: readonly string[],
    env: Readonly<Record<string, string>>,
  ) => Promise<EndedProcess>;
  /** The role that a line of ours names. Throws `logged-out` and `session-expired` immediately. */
  readonly vouchRole: (process: VouchProcess, hop: VouchHop) => Promise<VouchRole>;
  /** An address for a container's credentials that setup recorded. */
  readonly container: RecordedContainer | undefined;
  /** Recorded by setup: where to find instance metadata; undefined: at 169.254.169.254. */
  readonly metadataEndpoint: string | undefined;
}

/** Where a container gets its credentials, if not at one of the well-known addresses. */
export interface RecordedContainer {
  /** As in AWS_CONTAINER_CREDENTIALS_FULL_URI. */
  readonly uri: string;
  /** As in AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, if a token is sent there. */
  readonly tokenFile: string | undefined;
}

export function digestOf(...parts: readonly (string | number | undefined)[]): string {
  return sha256(JSON.stringify(parts));
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * The witness of a file that a setting or a variable names. None if the path is relative, since it then also depends on the
 * working directory.
 */
export function witnessOf(file: string, identity: string | undefined): Witnesses {
  return identity !== undefined && path.isAbsolute(file) ? [[file, identity]] : undefined;
}

/** The witnesses of all parts of a source; undefined if those of one are. */
export function joinedWitnesses(...parts: readonly Witnesses[]): Witnesses {
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? known.flat() : undefined;
}
