import {
  type Registration,
  type RegistrationOptions,
  type RegistrationRequest,
  registerWithSecurityKey,
} from "../../../token/fido2/ceremony/registration.ts";
import type { NewPinAsk } from "../../../token/fido2/prompts.ts";
import { makeLabCa } from "../../lab/tls.ts";
import { attestedCredential } from "../../lab/vouch/attestation.ts";
import { type KeyBenchOptions, keyBench, REQUEST, RP_ID, USER_HANDLE } from "./key-bench.ts";

const REGISTRATION: RegistrationRequest = {
  ...REQUEST,
  rpName: "Vouch",
  origin: "https://login.vouch.example.test",
  user: { id: USER_HANDLE, name: "ada@example.com" },
  excludeIds: [],
};

export interface RegistrationBenchOptions extends KeyBenchOptions {
  /** What the person types for a new PIN, the two times; undefined when there is no terminal. */
  readonly newPins?: readonly (readonly [string, string] | undefined)[];
}

const makers = await makeLabCa("security key makers");
const maker = await makers.issueKeyMaker();
/** PEM. */
const MAKERS_ROOT = makers.cert;

/** The software key with its maker's certificate, on which nobody is registered yet, and a person who chooses PINs. */
export function registrationBench({ newPins = [], change, ...options }: RegistrationBenchOptions) {
  const bench = keyBench({
    ...options,
    change: (state) => {
      state.credentials = [];
      Object.assign(state, { maker });
      change?.(state);
    },
  });
  const newPinAsks: Omit<NewPinAsk, "keyName">[] = [];
  const chosen = [...newPins];
  const registrationOptions: RegistrationOptions = {
    ...bench.options,
    prompts: {
      ...bench.options.prompts,
      newPin: async ({ keyName: _, ...ask }) => {
        newPinAsks.push(ask);
        if (chosen.length === 0) throw new Error("asked for a new PIN once too often");
        return chosen.shift();
      },
    },
  };
  return {
    ...bench,
    newPinAsks,
    register: (
      request: Partial<RegistrationRequest> = {},
      more: Partial<RegistrationOptions> = {},
    ): Promise<Registration> =>
      registerWithSecurityKey({ ...REGISTRATION, ...request }, { ...registrationOptions, ...more }),
  };
}

/** What the server makes of a registration: test/lab/vouch/SERVER-CHECKS.md, "Key registration". */
export function judged({ attestationObject, clientDataJson }: Registration) {
  return attestedCredential(
    { attestationObject: Buffer.from(attestationObject), clientDataJson: Buffer.from(clientDataJson) },
    {
      rpId: RP_ID,
      origin: REGISTRATION.origin,
      challenge: REGISTRATION.challenge,
      roots: [MAKERS_ROOT],
    },
  );
}
