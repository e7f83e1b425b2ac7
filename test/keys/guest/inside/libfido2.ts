import fs from "node:fs";
import { decode, encode } from "cborg";
import { leadingCborMap } from "../../../lab/vouch/cbor-map.ts";
import { PIN, RP_ID, type ShownAssertion } from "./login.ts";
import { outputOf, type Ran, run } from "./run.ts";

/** Files of the tools. Source: Yubico/libfido2, man/fido2-cred.1 and man/fido2-assert.1. */
const CHALLENGE = "/tmp/challenge";
const CREDENTIAL = "/tmp/credential";
const PUBLIC_KEY = "/tmp/public-key.pem";
const ASSERTION = "/tmp/assertion";

const CLIENT_DATA_HASH = Buffer.alloc(32, 0x2a).toString("base64");

export interface Enrolment {
  readonly rpId: string;
  readonly userId: Uint8Array;
}

export interface EnrolledCredential {
  /** The public key. */
  readonly pem: string;
  readonly credentialId: Uint8Array;
  /** CBOR. */
  readonly cosePublicKey: Uint8Array;
}

/** The real tools of libfido2 on a key's file: fido2-token, fido2-cred, fido2-assert. */
export function libfido2(device: string) {
  const withPin = `${PIN}\n`;
  return {
    /** One line for each key of this machine. */
    list: async () => outputOf(await run(["fido2-token", "-L"])),
    info: () => run(["fido2-token", "-I", device]),
    setPin: async () => void outputOf(await run(["fido2-token", "-S", device], { stdin: withPin.repeat(2) })),

    /** Makes a discoverable credential, which the PIN unlocks. */
    async enrol({ rpId, userId }: Enrolment): Promise<EnrolledCredential> {
      const challenge = [CLIENT_DATA_HASH, rpId, "ada", Buffer.from(userId).toString("base64")];
      fs.writeFileSync(CHALLENGE, `${challenge.join("\n")}\n`);
      const made = outputOf(
        await run(["fido2-cred", "-M", "-r", "-i", CHALLENGE, device], { stdin: withPin }),
      );
      fs.writeFileSync(CREDENTIAL, made);
      const [, ...pem] = outputOf(await run(["fido2-cred", "-V", "-v", "-i", CREDENTIAL])).split("\n");
      return { pem: pem.join("\n"), ...attested(made) };
    },

    /** Asks the key for an assertion with PIN and touch: the program, which may still be waiting. */
    assert(): Promise<Ran> {
      fs.writeFileSync(CHALLENGE, `${CLIENT_DATA_HASH}\n${RP_ID}\n`);
      return run(["fido2-assert", "-G", "-r", "-p", "-v", "-i", CHALLENGE, device], { stdin: withPin });
    },

    /** Fails unless this is an assertion by the enrolled credential, with PIN and touch. */
    async verify(assertion: string, pem: string): Promise<void> {
      fs.writeFileSync(ASSERTION, assertion);
      fs.writeFileSync(PUBLIC_KEY, pem);
      outputOf(await run(["fido2-assert", "-V", "-p", "-v", "-i", ASSERTION, PUBLIC_KEY, "es256"]));
    },
  };
}

/** Our client's assertion as fido2-assert reads one: authenticator data is a byte string of CBOR there. */
export function asFido2Assert({ clientDataHash, authenticatorData, signature }: ShownAssertion): string {
  const cbor = Buffer.from(encode(Buffer.from(authenticatorData, "base64"))).toString("base64");
  return `${[clientDataHash, RP_ID, cbor, signature].join("\n")}\n`;
}

/** The credential in what fido2-cred printed: authenticator data, as a byte string of CBOR, is its fourth line. */
function attested(made: string): Pick<EnrolledCredential, "credentialId" | "cosePublicKey"> {
  const data = Buffer.from(decode(Buffer.from(made.split("\n")[3] ?? "", "base64")));
  const idEnd = 55 + data.readUInt16BE(53);
  const cosePublicKey = leadingCborMap(data.subarray(idEnd));
  if (cosePublicKey === undefined) throw new Error("fido2-cred printed no public key");
  return { credentialId: data.subarray(55, idEnd), cosePublicKey };
}
