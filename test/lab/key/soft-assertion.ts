import { createPrivateKey, sign } from "node:crypto";
import type { Timers } from "../../../token/timers.ts";
import { type Parameters, SoftStatus, STATUS } from "./soft-cbor.ts";
import {
  authenticatorData,
  type ConsentRequest,
  type ConsentSurroundings,
  consentFlags,
  FLAG,
  listedIds,
  option,
  refuseEmptyProof,
  refuseUvOption,
  verifyUser,
} from "./soft-consent.ts";
import { PERMISSION } from "./soft-grant.ts";
import type { SoftCredential, SoftKeyState } from "./soft-key-state.ts";

/** How long the next assertion may be asked for, in milliseconds. Source: token/fido2/CTAP.md, "getAssertion". */
const NEXT_ASSERTION_MS = 30_000;

interface Remaining {
  readonly credentials: readonly SoftCredential[];
  readonly clientDataHash: Uint8Array;
  readonly flags: number;
  readonly until: number;
}

/** authenticatorGetAssertion and authenticatorGetNextAssertion. Source: token/fido2/CTAP.md, "getAssertion". */
export class SoftAssertions {
  readonly #timers: Timers;
  #remaining: Remaining | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Any other command ends the series. */
  forget(): void {
    this.#remaining = undefined;
  }

  async get(parameters: Parameters, around: ConsentSurroundings): Promise<Map<number, unknown>> {
    await refuseEmptyProof(parameters, 0x06, around);
    const request: ConsentRequest = {
      parameters,
      members: { param: 0x06, protocol: 0x07, options: 0x05 },
      permission: PERMISSION.getAssertion,
      rpId: parameters.text(0x01),
      clientDataHash: parameters.bytes(0x02, 32),
    };
    if (option(request, "rk") !== undefined) {
      throw new SoftStatus(STATUS.unsupportedOption);
    }
    refuseUvOption(request, around);
    const proven = await verifyUser(request, around);
    const credentials = applicable(request, proven.verified, around);
    const flags = await consentFlags(proven, option(request, "up") === false, around);

    const discovered = !parameters.has(0x03);
    const [first, ...others] = discovered ? credentials : credentials.slice(0, 1);
    if (first === undefined) {
      throw new SoftStatus(STATUS.noCredentials);
    }
    const { clientDataHash } = request;
    this.#remaining = {
      credentials: others,
      clientDataHash,
      flags,
      until: this.#timers.now() + NEXT_ASSERTION_MS,
    };
    const named = others.length > 0 && (flags & FLAG.userVerified) !== 0;
    const answer = signed(first, { state: around.state, clientDataHash, flags, named });
    return others.length > 0 ? answer.set(0x05, others.length + 1) : answer;
  }

  next(state: SoftKeyState): Map<number, unknown> {
    const remaining = this.#remaining;
    const [first, ...others] = remaining?.credentials ?? [];
    if (remaining === undefined || first === undefined || this.#timers.now() > remaining.until) {
      throw new SoftStatus(STATUS.notAllowed);
    }
    this.#remaining = { ...remaining, credentials: others, until: this.#timers.now() + NEXT_ASSERTION_MS };
    const { clientDataHash, flags } = remaining;
    return signed(first, { state, clientDataHash, flags, named: (flags & FLAG.userVerified) !== 0 });
  }
}

/** Newest first. */
function applicable(
  { parameters, rpId }: ConsentRequest,
  verified: boolean,
  around: ConsentSurroundings,
): SoftCredential[] {
  const listed = parameters.has(0x03) ? listedIds(parameters, 0x03, around) : undefined;
  if (listed?.size === 0) {
    throw new SoftStatus(STATUS.invalidParameter);
  }
  const found = around.state.credentials
    .filter((credential) => credential.rpId === rpId && isShown(credential, verified, listed !== undefined))
    .filter(({ credentialId, discoverable }) => listed?.has(credentialId) ?? discoverable)
    .reverse();
  if (found.length === 0) {
    throw new SoftStatus(STATUS.noCredentials);
  }
  return found;
}

/** Whether a protected credential shows itself. Source: token/fido2/CTAP.md, "makeCredential". */
export function isShown({ protection }: SoftCredential, verified: boolean, named: boolean): boolean {
  return verified || protection === 1 || (protection === 2 && named);
}

export interface Signing {
  readonly state: SoftKeyState;
  readonly clientDataHash: Uint8Array;
  readonly flags: number;
  readonly named: boolean;
}

/**
 * Names are given only with user verification and when there are several accounts.
 * Source: token/fido2/CTAP.md, "getAssertion".
 */
export function signed(
  credential: SoftCredential,
  { state, clientDataHash, flags, named }: Signing,
): Map<number, unknown> {
  state.signCount += 1;
  const data = authenticatorData(credential.rpId, flags, state.signCount);
  const key = createPrivateKey({ key: credential.privateKey, format: "jwk" });
  const user = new Map<string, unknown>([["id", Buffer.from(credential.userHandle, "base64url")]]);
  if (named) {
    user.set("name", credential.userName).set("displayName", credential.displayName);
  }
  const id = Buffer.from(credential.credentialId, "base64url");
  return new Map<number, unknown>([
    [
      0x01,
      new Map<string, unknown>([
        ["id", id],
        ["type", "public-key"],
      ]),
    ],
    [0x02, data],
    [0x03, sign("sha256", Buffer.concat([data, clientDataHash]), key)],
    ...(credential.discoverable ? [[0x04, user] as const] : []),
  ]);
}
