import fs from "node:fs";
import { labClock } from "../../../lab/clock.ts";
import { makeLabCa } from "../../../lab/tls.ts";
import { startVouchStandIn } from "../../../lab/vouch/vouch-stand-in.ts";
import type { Bench } from "./bench.ts";
import { PIN } from "./login.ts";
import { kubectlVouch, type Ran } from "./run.ts";

/** The RP ID of a server on loopback. */
const RP_ID = "localhost";
const CA_FILE = "/tmp/vouch-ca.pem";

export interface GuestVouch {
  /** Runs `kubectl-vouch login` as it ships, with the PIN on its standard input. */
  logIn(): Promise<Ran>;
  /** Logins that the server granted. */
  logins(): number;
  close(): Promise<void>;
}

/** A Vouch server in this guest, with a person whose credential libfido2's tools put on the key. */
export async function vouchServer(bench: Bench): Promise<GuestVouch> {
  const ca = await makeLabCa();
  fs.writeFileSync(CA_FILE, ca.cert);
  const vouch = await startVouchStandIn({ ca, clock: labClock(), rpId: RP_ID });
  const user = vouch.addUser({ email: "ada@example.com" });
  const userId = Buffer.from(user.id.replaceAll("-", ""), "hex");
  const { credentialId, cosePublicKey } = await bench.tools.enrol({ rpId: RP_ID, userId });
  vouch.addCredential({ userId: user.id, credentialId, cosePublicKey, counter: 0 });
  return {
    logIn: () =>
      kubectlVouch(["login", "--force", "--pin-stdin"], {
        stdin: `${PIN}\n`,
        env: { VOUCH_SERVER: vouch.url, VOUCH_CA_BUNDLE: CA_FILE },
      }),
    logins: () => vouch.counts.logins,
    close: () => vouch.close(),
  };
}
