/** What Windows' dialog returns for a software key, after its user has typed the PIN and touched it. */
import { createHash } from "node:crypto";
import { encode } from "cborg";
import { signed } from "../lab/key/soft-assertion.ts";
import { FLAG } from "../lab/key/soft-consent.ts";
import { YUBIKEY_5_7_1 } from "../lab/key/soft-key-profiles.ts";
import type { SoftKeyState } from "../lab/key/soft-key-state.ts";
import { attested } from "../lab/key/soft-make-credential.ts";

/** Names as in vouch-webauthn.exe's answers. */
export type Answer = Readonly<Record<string, Uint8Array>>;

interface Asked {
  readonly rpId: string;
  readonly clientDataJson: Uint8Array;
}

const VERIFIED = FLAG.userPresent | FLAG.userVerified;

/** Undefined if the key has no credential of this relying party. */
export function windowsAssertion(
  state: SoftKeyState,
  { rpId, clientDataJson }: Asked,
  flags = VERIFIED,
): Answer | undefined {
  const credential = state.credentials.findLast((one) => one.rpId === rpId);
  if (credential === undefined) return undefined;
  const clientDataHash = createHash("sha256").update(clientDataJson).digest();
  const made = signed(credential, { state, clientDataHash, flags, named: false });
  return {
    "credential-id": Buffer.from(credential.credentialId, "base64url"),
    "authenticator-data": made.get(2) as Uint8Array,
    signature: made.get(3) as Uint8Array,
    "user-handle": Buffer.from(credential.userHandle, "base64url"),
  };
}

export function windowsCreation(
  state: SoftKeyState,
  { rpId, clientDataJson }: Asked,
  user: { readonly id: Uint8Array; readonly name: string },
): Answer {
  const clientDataHash = createHash("sha256").update(clientDataJson).digest();
  const made = attested(
    {
      rpId,
      clientDataHash,
      userHandle: user.id,
      userName: user.name,
      protection: undefined,
      flags: VERIFIED | FLAG.attested,
    },
    { state, profile: YUBIKEY_5_7_1 },
  );
  const object = { fmt: made.get(1), attStmt: made.get(3), authData: made.get(2) };
  return { "attestation-object": encode(object) };
}

/** The lines of a file for the stand-in, or of an answer. */
export function answerLines(answer: Answer): string {
  return Object.entries(answer)
    .map(([name, bytes]) => `${name} ${Buffer.from(bytes).toString("hex")}\n`)
    .join("");
}
