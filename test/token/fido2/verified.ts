import { createHash, createPublicKey, verify } from "node:crypto";
import { decode } from "cborg";
import type { Assertion } from "../../../token/fido2/ceremony/assertion.ts";
import type { EnrolledCredential } from "../../lab/key/soft-key-state.ts";

/** Judges an assertion as the server does: test/lab/vouch/SERVER-CHECKS.md, "Login grant checks", F10 to F14. */
export function verified(assertion: Assertion, enrolled: EnrolledCredential): boolean {
  const cose = decode(enrolled.cosePublicKey, { useMaps: true });
  const coordinate = (member: number) => Buffer.from(cose.get(member)).toString("base64url");
  const publicKey = createPublicKey({
    key: { kty: "EC", crv: "P-256", x: coordinate(-2), y: coordinate(-3) },
    format: "jwk",
  });
  const clientDataHash = createHash("sha256").update(assertion.clientDataJson).digest();
  const signed = Buffer.concat([assertion.authenticatorData, clientDataHash]);
  return verify("sha256", signed, publicKey, assertion.signature);
}
