import fs from "node:fs";
import { PIN, RP_ID, type ShownAssertion } from "./login.ts";
import { outputOf, type Ran, run } from "./run.ts";

/** Files of the tools. Source: Yubico/libfido2, man/fido2-cred.1 and man/fido2-assert.1. */
const CHALLENGE = "/tmp/challenge";
const CREDENTIAL = "/tmp/credential";
const PUBLIC_KEY = "/tmp/public-key.pem";
const ASSERTION = "/tmp/assertion";

const CLIENT_DATA_HASH = Buffer.alloc(32, 0x2a).toString("base64");

/** The real tools of libfido2 on a key's file: fido2-token, fido2-cred, fido2-assert. */
export function libfido2(device: string) {
  const withPin = `${PIN}\n`;
  return {
    /** One line for each key of this machine. */
    list: async () => outputOf(await run(["fido2-token", "-L"])),
    info: () => run(["fido2-token", "-I", device]),
    setPin: async () => void outputOf(await run(["fido2-token", "-S", device], { stdin: withPin.repeat(2) })),

    /** Makes a discoverable credential of our relying party; its public key as PEM. */
    async enrol(): Promise<string> {
      const userId = Buffer.from("0190a1b2c3d47e5f8a9b0c1d2e3f4051", "hex").toString("base64");
      fs.writeFileSync(CHALLENGE, `${[CLIENT_DATA_HASH, RP_ID, "ada", userId].join("\n")}\n`);
      const made = await run(["fido2-cred", "-M", "-r", "-i", CHALLENGE, device], { stdin: withPin });
      fs.writeFileSync(CREDENTIAL, outputOf(made));
      const [, ...pem] = outputOf(await run(["fido2-cred", "-V", "-v", "-i", CREDENTIAL])).split("\n");
      fs.writeFileSync(PUBLIC_KEY, pem.join("\n"));
      return pem.join("\n");
    },

    /** Asks the key for an assertion with PIN and touch: the program, which may still be waiting. */
    assert(): Promise<Ran> {
      fs.writeFileSync(CHALLENGE, `${CLIENT_DATA_HASH}\n${RP_ID}\n`);
      return run(["fido2-assert", "-G", "-r", "-p", "-v", "-i", CHALLENGE, device], { stdin: withPin });
    },

    /** Fails unless this is an assertion by the enrolled credential, with PIN and touch. */
    async verify(assertion: string): Promise<void> {
      fs.writeFileSync(ASSERTION, assertion);
      outputOf(await run(["fido2-assert", "-V", "-p", "-v", "-i", ASSERTION, PUBLIC_KEY, "es256"]));
    },
  };
}

/** Our client's assertion as fido2-assert reads one: authenticator data is a byte string of CBOR there. */
export function asFido2Assert({ clientDataHash, authenticatorData, signature }: ShownAssertion): string {
  const data = Buffer.from(authenticatorData, "base64");
  const cbor = Buffer.concat([Buffer.from([0x58, data.length]), data]).toString("base64");
  return `${[clientDataHash, RP_ID, cbor, signature].join("\n")}\n`;
}
