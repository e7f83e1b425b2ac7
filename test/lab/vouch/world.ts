import type { JsonWebKey } from "node:crypto";
import type { LabClock } from "../clock.ts";
import type { VouchFaults } from "./faults.ts";
import type { JsonObject } from "./json-object.ts";
import type { Nonces } from "./nonces.ts";
import type { VouchSettings } from "./settings.ts";
import type { SigningKey } from "./signing-keys.ts";
import type { UsedIds } from "./used-ids.ts";

/** One registration (RFC 7591). The registration token is kept as a hash only. */
export interface RegisteredClient {
  readonly id: string;
  readonly issuedAt: number;
  metadata: JsonObject;
  keys: readonly JsonWebKey[];
  grants: readonly string[];
  authMethod: string;
  /** `dpop_bound_access_tokens`: the stricter rules hold. */
  fapi: boolean;
  active: boolean;
  registrationTokenHash: string;
}

export interface VouchUser {
  readonly id: string;
  readonly email: string;
  /** The organization's domain, if known. */
  readonly domain: string | undefined;
  readonly active: boolean;
}

export interface VouchCredential {
  /** base64url. */
  readonly id: string;
  readonly userId: string;
  readonly cosePublicKey: Uint8Array;
  readonly aaguid: string | undefined;
  readonly name: string | undefined;
  /** What the person's list calls it: a UUID. */
  readonly keyId: string;
  /** Epoch ms. */
  readonly createdAt: number;
  counter: number;
}

/**
 * The row behind an access token. What it says of the user was copied at login.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "ID token for AWS".
 */
export interface VouchSession {
  readonly user: VouchUser;
  readonly clientId: string;
  /** The client, or what an exchange narrowed the token to. */
  readonly audience: string;
  readonly scopes: readonly string[];
  /** Thumbprint of the key the token is bound to; undefined for a plain bearer token. */
  readonly jkt: string | undefined;
  readonly hardwareVerified: boolean;
  readonly credential: VouchCredential | undefined;
  readonly authTime: number;
  /** Epoch seconds. */
  readonly expires: number;
  /** What its device code was, when it began with one. */
  readonly deviceCode: string | undefined;
}

export interface DeviceGrant {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly clientId: string | undefined;
  readonly expiresMs: number;
  lastPollMs: number;
  status: "pending" | "denied" | "approved" | "consumed";
  userId: string | undefined;
  hardwareVerified: boolean;
}

/** What the stand-in did so far, for assertions such as "one exchange". */
export interface VouchCounts {
  registrations: number;
  challenges: number;
  logins: number;
  awsTokens: number;
  exchangedTokens: number;
}

/** Everything the endpoints share. */
export interface VouchWorld {
  readonly settings: VouchSettings;
  readonly clock: LabClock;
  readonly faults: VouchFaults;
  readonly ecKey: SigningKey;
  readonly stateSecret: Uint8Array;
  readonly clients: Map<string, RegisteredClient>;
  readonly users: Map<string, VouchUser>;
  readonly credentials: Map<string, VouchCredential>;
  /** By SHA-256 of the access token. */
  readonly sessions: Map<string, VouchSession>;
  readonly devices: Map<string, DeviceGrant>;
  readonly nonces: Nonces;
  readonly usedAssertions: UsedIds;
  readonly usedProofs: UsedIds;
  readonly usedStates: UsedIds;
  readonly counts: VouchCounts;
}

/** A new account. */
export function addUser(user: Omit<VouchUser, "active">, world: VouchWorld): VouchUser {
  const added = { ...user, active: true };
  world.users.set(user.id, added);
  return added;
}

/** The server's time in whole seconds, as tokens count it. */
export function nowSeconds(world: VouchWorld): number {
  return Math.floor(world.clock() / 1000);
}
