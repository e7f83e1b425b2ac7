import { randomBytes } from "node:crypto";
import type { KeyStore } from "../../keystore/key-store.ts";
import { dpopProof } from "../../net/dpop-proof.ts";
import type { HttpClient } from "../../net/http-client.ts";
import type { RetryOptions } from "../../net/retry.ts";
import type { Clock } from "../../timers.ts";
import type { ServerUrl } from "../server-url.ts";
import { type ClientKey, clientAssertion } from "./client-key.ts";
import type { SignatureEncoding } from "./http-signature.ts";
import { type NonceBox, UUID_RANDOM_BYTES, uuidV7 } from "./nonces.ts";

/** What all calls of one client share. */
export interface VouchContext {
  readonly server: ServerUrl;
  readonly keyStore: KeyStore;
  readonly clock: Clock;
  readonly http: HttpClient;
  readonly retry: RetryOptions;
  /** The AI agent we run under, if any. */
  readonly agent: string | undefined;
  readonly version: string;
  readonly hostname: string;
  readonly interactive: boolean;
  readonly signatureEncoding: SignatureEncoding;
  readonly dpopNonces: NonceBox;
  readonly signatureNonces: NonceBox;
}

/** A registered client and the key that proves it. */
export interface Client {
  readonly clientId: string;
  readonly key: ClientKey;
}

/**
 * Paths are those of the official CLI, and are never looked up by discovery.
 * Source: VOUCH-PROTOCOL.md, "Paths and discovery".
 */
export function endpoint(context: VouchContext, path: `/${string}`): URL {
  return new URL(`${context.server.base}${path}`);
}

export function userAgent(context: VouchContext): Record<string, string> {
  return { "user-agent": `kubectl-vouch/${context.version}`, accept: "application/json" };
}

/** Sent with login calls only. Source: VOUCH-PROTOCOL.md, "Headers". */
export function fapiHeaders(context: VouchContext): Record<string, string> {
  return {
    "x-fapi-interaction-id": freshId(context),
    "x-fapi-end-user-present": String(context.interactive),
  };
}

export function freshAssertion(
  context: VouchContext,
  { clientId, key }: Client,
): Promise<Record<string, string>> {
  const { server, clock } = context;
  return clientAssertion({ key, clientId, audience: server.base, nowMs: clock(), jti: freshId(context) });
}

interface ProofRequest {
  readonly key: ClientKey;
  readonly method: string;
  readonly url: URL;
  readonly nonce?: string | undefined;
  readonly accessToken?: string;
}

export function freshProof(context: VouchContext, request: ProofRequest): Promise<string> {
  return dpopProof({ ...request, nowMs: context.clock(), jti: freshId(context), agent: context.agent });
}

function freshId(context: VouchContext): string {
  return uuidV7(context.clock(), randomBytes(UUID_RANDOM_BYTES));
}
