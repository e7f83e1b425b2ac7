import type { Clock } from "../../../token/timers.ts";
import { serverUrl } from "../../../token/vouch/server-url.ts";
import type { VouchSession } from "../../../token/vouch/session/vouch-session.ts";
import { type VouchClient, type VouchClientOptions, vouchClient } from "../../../token/vouch/vouch-client.ts";
import { type ScriptedServer, type Step, scriptedServer } from "../net/scripted-server.ts";
import { type MemoryKeyStore, memoryKeyStore } from "./memory-key-store.ts";
import { RFC7515_KID, rfc7515Entry } from "./rfc7515-key.ts";

/** A client and a server that follows a script; time stands still unless a test says otherwise. */
export interface VouchScript {
  readonly server: ScriptedServer;
  readonly keyStore: MemoryKeyStore;
  /** How long the client wanted to wait, in ms; it did not. */
  readonly sleeps: number[];
  /** Where the server is, without its scheme. */
  readonly host: string;
  /** Those of the client, which with nothing else would wait in real time. */
  readonly options: VouchClientOptions;
  client(changes?: Partial<VouchClientOptions>): VouchClient;
  session(changes?: Partial<VouchSession>): VouchSession;
}

/** When it all happens, for us and for the server, whose answers carry it in their Date header. */
export const START = Date.parse("2026-01-15T12:00:00Z");

export async function vouchScript(): Promise<VouchScript> {
  const server = await scriptedServer({ date: START });
  const keyStore = memoryKeyStore({ "client-key": rfc7515Entry() });
  const sleeps: number[] = [];
  const address = serverUrl(server.url);
  const clock: Clock = () => START;

  const options: VouchClientOptions = {
    server: address,
    keyStore,
    clock,
    env: {},
    caBundle: server.caFile,
    version: "1.2.3",
    hostname: "lab-1",
    interactive: true,
  };
  const waiting = { sleep: async (ms: number) => void sleeps.push(ms), random: () => 0 };

  return {
    server,
    keyStore,
    sleeps,
    options,
    host: address.key,
    client: (changes = {}) => vouchClient({ ...options, ...waiting, ...changes }),
    session: (changes = {}) => ({
      server: address.base,
      identity: "ada@example.com",
      subject: "018bcfe5-6800-7000-8000-000000000001",
      accessToken: "EXAMPLE.ACCESS.TOKEN",
      clientId: "client-1",
      keyId: RFC7515_KID,
      issuedAt: START,
      expiresAt: START + 3_600_000,
      ...changes,
    }),
  };
}

/** A registration answer as the server gives it, for the client id. */
export function registered(clientId: string, { server }: VouchScript, token = `CANARY-${clientId}`): object {
  return {
    client_id: clientId,
    registration_access_token: token,
    registration_client_uri: `${server.url}/oauth/register/${clientId}`,
  };
}

export const CHALLENGE = {
  challenge: "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
  rp_id: "localhost",
  state: "STATE.CANARY.x",
};

export const REGISTER = "POST /oauth/register";
export const ASK_CHALLENGE = "POST /oauth/fido2/challenge";
export const TOKEN = "POST /oauth/token";
export const DISCOVERY = "GET /.well-known/openid-configuration";

/** A step that answers 200 with a discovery document. */
export function discovery(issuer: string): Step {
  return { on: DISCOVERY, reply: { status: 200, body: { issuer } } };
}

/** The form that was posted. */
export function formOf(body: string | undefined): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(body));
}

/** A compact token with these claims and no valid signature. */
export function unsignedToken(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part(claims)}.c2ln`;
}
