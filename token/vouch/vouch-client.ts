import { setTimeout } from "node:timers/promises";
import type { Env } from "../env.ts";
import { VouchError } from "../errors/errors.ts";
import type { Assertion } from "../fido2/ceremony/assertion.ts";
import type { Registration } from "../fido2/ceremony/registration.ts";
import type { KeyStore } from "../keystore/key-store.ts";
import { httpClient } from "../net/http-client.ts";
import type { Clock } from "../timers.ts";
import type { ServerUrl } from "./server-url.ts";
import { awaitEnrolment, beginEnrolment, type Enrolled, type PendingEnrolment } from "./session/enrolment.ts";
import { type AwsIdToken, awsIdToken, exchangeIdToken, type IdToken } from "./session/id-token.ts";
import {
  completeKeyRegistration,
  listKeys,
  type PendingKey,
  type RegisteredKey,
  type RemovedKey,
  removeKey,
  startKeyRegistration,
} from "./session/key-calls.ts";
import { beginLogin, finishLogin, type PendingLogin } from "./session/login.ts";
import { askStatus, revoke, type SessionStatus } from "./session/session-calls.ts";
import type { VouchSession } from "./session/vouch-session.ts";
import { SIGNATURE_ENCODING, type SignatureEncoding } from "./sign/http-signature.ts";
import { nonceBox } from "./sign/nonces.ts";
import type { VouchContext } from "./sign/vouch-context.ts";

export interface VouchClientOptions {
  readonly server: ServerUrl;
  /** Holds the client key (one for all servers) and a registration for each server. */
  readonly keyStore: KeyStore;
  readonly clock: Clock;
  /** For the proxy variables. */
  readonly env: Env;
  /** PEM file of CAs that may vouch for the server, in addition to the built-in ones. */
  readonly caBundle: string | undefined;
  /** The AI agent that we run under: the AWS session is tagged with it. */
  readonly agent?: string | undefined;
  /** Our version, sent to the server. */
  readonly version: string;
  /** This machine's name, sent to the server at registration. */
  readonly hostname: string;
  /** Whether a user is at the terminal. */
  readonly interactive: boolean;
  /** Aborts the current call, with `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  /** Waits between attempts; in real time by default. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Random number from 0 up to 1, to spread attempts. */
  readonly random?: () => number;
  readonly signatureEncoding?: SignatureEncoding;
}

/**
 * A Vouch server, for enrolling, logging in, fetching ID tokens and managing keys.
 *
 * Each attempt gets fresh signatures. Deliberately absent: storing sessions (the caller does that), refreshing them (the protocol
 * has no way to), PAR, device posture, and following redirects.
 */
export interface VouchClient {
  beginLogin(): Promise<PendingLogin>;
  finishLogin(login: PendingLogin, assertion: Assertion): Promise<VouchSession>;
  beginEnrolment(): Promise<PendingEnrolment>;
  awaitEnrolment(pending: PendingEnrolment): Promise<Enrolled>;
  awsIdToken(session: VouchSession, roleArn: string): Promise<AwsIdToken>;
  exchangeIdToken(session: VouchSession, audience?: string): Promise<IdToken>;
  status(session: VouchSession): Promise<SessionStatus>;
  revoke(session: VouchSession): Promise<void>;
  startKeyRegistration(session: VouchSession, name: string): Promise<PendingKey>;
  /** The id of the new key. */
  completeKeyRegistration(
    session: VouchSession,
    done: { readonly state: string; readonly made: Registration },
  ): Promise<string>;
  keys(session: VouchSession): Promise<RegisteredKey[]>;
  removeKey(session: VouchSession, id: string): Promise<RemovedKey>;
}

export function vouchClient(options: VouchClientOptions): VouchClient {
  const context = contextOf(options);
  return {
    beginLogin: () => beginLogin(context),
    finishLogin: (login, assertion) => finishLogin(context, login, assertion),
    beginEnrolment: () => beginEnrolment(context),
    awaitEnrolment: (pending) => awaitEnrolment(context, pending),
    awsIdToken: (session, roleArn) => awsIdToken(context, session, roleArn),
    exchangeIdToken: (session, audience) => exchangeIdToken(context, session, audience),
    status: (session) => askStatus(context, session),
    revoke: (session) => revoke(context, session),
    startKeyRegistration: (session, name) => startKeyRegistration(context, session, name),
    completeKeyRegistration: (session, done) => completeKeyRegistration(context, session, done),
    keys: (session) => listKeys(context, session),
    removeKey: (session, id) => removeKey(context, session, id),
  };
}

function contextOf(options: VouchClientOptions): VouchContext {
  const { server, keyStore, clock, env, caBundle, signal, version, hostname, interactive } = options;
  return {
    server,
    keyStore,
    clock,
    http: httpClient({ env, caBundle, clock, signal }),
    retry: { sleep: options.sleep ?? sleepUntil(signal), random: options.random ?? Math.random },
    agent: options.agent,
    version,
    hostname,
    interactive,
    signatureEncoding: options.signatureEncoding ?? SIGNATURE_ENCODING,
    dpopNonces: nonceBox({ reusable: true }),
    signatureNonces: nonceBox({ reusable: false }),
  };
}

function sleepUntil(signal: AbortSignal | undefined): (ms: number) => Promise<void> {
  return async (ms) => {
    try {
      await setTimeout(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      throw new VouchError("interrupted", "Waiting for the Vouch server was interrupted.", { cause: error });
    }
  };
}
