import { randomBytes, randomUUID } from "node:crypto";
import { pendingDevice } from "./endpoints/device-page.ts";
import { noFaults, type VouchFaults } from "./faults.ts";
import { openHttpsFront, type RecordedRequest } from "./https-front.ts";
import { nonces } from "./nonces.ts";
import { answer } from "./router.ts";
import { settle, type VouchStandInOptions } from "./settings.ts";
import { makeEcKey } from "./signing-keys.ts";
import { usedIds } from "./used-ids.ts";
import {
  addUser,
  type DeviceGrant,
  type VouchCounts,
  type VouchCredential,
  type VouchUser,
  type VouchWorld,
} from "./world.ts";

interface NewUser {
  readonly email: string;
  /** A UUID; its 16 bytes are the user handle. Random when absent. */
  readonly id?: string;
  /** The organization's domain: claim `hd` and tag `vouch:Domain` of the AWS token. */
  readonly domain?: string;
}

interface NewCredential {
  readonly userId: string;
  readonly credentialId: Uint8Array;
  readonly cosePublicKey: Uint8Array;
  readonly counter: number;
  readonly aaguid?: string;
  /** What `/v1/auth/status` calls the device. */
  readonly name?: string;
}

export interface DeviceApproval {
  readonly userId: string;
  /** Default true. A session without it gets no AWS token. */
  readonly hardwareVerified?: boolean;
}

/** A Vouch server in this process: refuses what the real one refuses, and does what a test tells it. */
export interface VouchStandIn {
  /** `https://localhost:PORT`: base URL and issuer. */
  readonly url: string;
  readonly faults: VouchFaults;
  readonly requests: readonly RecordedRequest[];
  readonly counts: Readonly<VouchCounts>;
  readonly users: readonly VouchUser[];
  readonly credentials: readonly VouchCredential[];
  /** Access tokens that would be accepted, were they not expired. */
  readonly liveSessions: number;
  /** Codes of enrolments that wait for somebody in a browser. */
  readonly waitingCodes: readonly string[];
  /** Registrations that exist, active or not. */
  readonly clientIds: readonly string[];
  clearRequests(): void;
  addUser(user: NewUser): VouchUser;
  /** The account stays, and may do nothing. */
  deactivateUser(id: string): void;
  /** The account is gone; its sessions and credentials are not. */
  removeUser(id: string): void;
  addCredential(credential: NewCredential): void;
  /** By the key's id in the person's list. */
  removeKey(keyId: string): void;
  /** All sessions, or those of one user. */
  revokeSessions(email?: string): void;
  /** Deletes every registration, as a server that lost its database. */
  forgetClients(): void;
  deactivateClient(id: string): void;
  /** From now on the registration token that the client holds is wrong. */
  rotateRegistrationToken(clientId: string): void;
  /** Every nonce given out so far is unknown from now on. */
  forgetNonces(): void;
  approveDevice(userCode: string, approval: DeviceApproval): void;
  denyDevice(userCode: string): void;
  close(): Promise<void>;
}

/** Starts one. Source of all it does: token/vouch/VOUCH-PROTOCOL.md; SERVER-CHECKS.md. */
export async function startVouchStandIn(options: VouchStandInOptions): Promise<VouchStandIn> {
  const { ca, clock, host = "localhost", port = 0 } = options;
  const faults = noFaults();
  const requests: RecordedRequest[] = [];
  const certificate = await ca.issue([...new Set([host, "localhost", "127.0.0.1"])]);
  const front = await openHttpsFront({
    certificate,
    clock,
    faults,
    port,
    answer: (request) => answer(request, world),
    record: (request) => requests.push(request),
  });
  const world: VouchWorld = {
    settings: settle(options, `https://${host}:${front.port}`, host),
    clock,
    faults,
    ecKey: makeEcKey(),
    stateSecret: randomBytes(32),
    clients: new Map(),
    users: new Map(),
    credentials: new Map(),
    sessions: new Map(),
    devices: new Map(),
    nonces: nonces(clock),
    usedAssertions: usedIds(clock),
    usedProofs: usedIds(clock),
    usedStates: usedIds(clock),
    counts: { registrations: 0, challenges: 0, logins: 0, awsTokens: 0, exchangedTokens: 0 },
  };
  return {
    url: world.settings.url,
    faults,
    requests,
    counts: world.counts,
    clearRequests: () => requests.splice(0),
    close: front.close,
    get users() {
      return [...world.users.values()];
    },
    get credentials() {
      return [...world.credentials.values()];
    },
    get liveSessions() {
      return world.sessions.size;
    },
    get waitingCodes() {
      const waiting = [...world.devices.values()].filter(({ status }) => status === "pending");
      return waiting.map(({ userCode }) => userCode);
    },
    get clientIds() {
      return [...world.clients.keys()];
    },
    ...peopleHooks(world),
    ...clientHooks(world),
    ...deviceHooks(world),
  };
}

type PeopleHook =
  | "addUser"
  | "deactivateUser"
  | "removeUser"
  | "addCredential"
  | "removeKey"
  | "revokeSessions";

function peopleHooks(world: VouchWorld): Pick<VouchStandIn, PeopleHook> {
  return {
    addUser: ({ email, id = randomUUID(), domain }) => addUser({ id, email, domain }, world),
    deactivateUser(id) {
      world.users.set(id, { ...existing(world.users.get(id), "user", id), active: false });
    },
    removeUser(id) {
      world.users.delete(existing(world.users.get(id), "user", id).id);
    },
    addCredential({ userId, credentialId, cosePublicKey, counter, aaguid, name }) {
      existing(world.users.get(userId), "user", userId);
      const id = Buffer.from(credentialId).toString("base64url");
      const named = { name, keyId: randomUUID(), createdAt: world.clock() };
      world.credentials.set(id, { id, userId, cosePublicKey, counter, aaguid, ...named });
    },
    removeKey(keyId) {
      const key = [...world.credentials.values()].find((one) => one.keyId === keyId);
      world.credentials.delete(existing(key, "key", keyId).id);
    },
    revokeSessions(email) {
      for (const [hash, session] of world.sessions) {
        if (email === undefined || session.user.email === email) world.sessions.delete(hash);
      }
    },
  };
}

type ClientHook = "forgetClients" | "deactivateClient" | "rotateRegistrationToken" | "forgetNonces";

function clientHooks(world: VouchWorld): Pick<VouchStandIn, ClientHook> {
  return {
    forgetClients: () => world.clients.clear(),
    deactivateClient(id) {
      existing(world.clients.get(id), "client", id).active = false;
    },
    rotateRegistrationToken(id) {
      existing(world.clients.get(id), "client", id).registrationTokenHash = randomUUID();
    },
    forgetNonces: () => world.nonces.forgetAll(),
  };
}

function deviceHooks(world: VouchWorld): Pick<VouchStandIn, "approveDevice" | "denyDevice"> {
  const pending = (userCode: string): DeviceGrant =>
    existing(pendingDevice(userCode, world), "pending device code", userCode);
  return {
    approveDevice(userCode, { userId, hardwareVerified = true }) {
      Object.assign(pending(userCode), { status: "approved", userId, hardwareVerified });
    },
    denyDevice(userCode) {
      pending(userCode).status = "denied";
    },
  };
}

/** A hook that names something missing is a mistake of the test. */
function existing<T>(value: T | undefined, kind: string, name: string): T {
  if (value === undefined) throw new Error(`The Vouch stand-in knows no ${kind} ${name}`);
  return value;
}
