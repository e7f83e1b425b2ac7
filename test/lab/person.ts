import fs from "node:fs";
import path from "node:path";
import type { AwsStandIn } from "./aws/stand-in.ts";
import { enrolCredential, newSoftKeyState, type SoftMaker } from "./key/soft-key-state.ts";
import { installLabProgram } from "./lab-program.ts";
import type { VouchStandIn } from "./vouch/vouch-stand-in.ts";

/** Somebody with an account at the lab's Vouch server, a security key that is enrolled there, and a home. */
export interface Person extends Desk {
  readonly email: string;
}

/** A home, and the program. */
export interface Desk {
  /** Removed when the lab is closed. */
  readonly home: string;
  /** Environment for commands: this, and nothing of ours. */
  readonly env: Readonly<Record<string, string>>;
}

/** What everybody in a lab shares. */
interface Shared {
  readonly pin: string;
  /** PEM file of the lab's CA. */
  readonly caFile: string;
  readonly vouch: VouchStandIn;
  readonly aws: AwsStandIn;
  /** Of security keys that the server takes. */
  readonly maker: SoftMaker;
}

/** Enrols a person, and makes home, key and program in an own folder, which exists. */
export async function enrolPerson(email: string, folder: string, shared: Shared): Promise<Person> {
  const { caFile, vouch } = shared;
  const desk = await furnishDesk(folder, enrolledKey(email, shared), shared);
  return { email, ...desk, env: { ...desk.env, VOUCH_SERVER: vouch.url, VOUCH_CA_BUNDLE: caFile } };
}

/** Makes home, key and program in a folder, which exists. Nothing there knows of a Vouch server. */
export async function furnishDesk(
  folder: string,
  keyState: string,
  { caFile, aws }: Pick<Shared, "caFile" | "aws">,
): Promise<Desk> {
  const home = path.join(folder, "home");
  const binFolder = path.join(folder, "bin");
  const keyStateFile = path.join(folder, "security-key.json");
  fs.mkdirSync(home, { mode: 0o700 });
  fs.writeFileSync(keyStateFile, keyState, { mode: 0o600 });
  await installLabProgram(binFolder, { keyStateFile, home });
  const env = {
    HOME: home,
    PATH: `${binFolder}:${process.env["PATH"] ?? "/usr/bin:/bin"}`,
    KUBECONFIG: path.join(home, ".kube", "config"),
    KUBECACHEDIR: path.join(home, ".kube", "cache"),
    AWS_CA_BUNDLE: caFile,
    AWS_ENDPOINT_URL: aws.url,
    AWS_EC2_METADATA_DISABLED: "true",
    LANG: "C.UTF-8",
  };
  return { home, env };
}

/** A key with a PIN and one passkey for the person, known to the server. */
function enrolledKey(email: string, { vouch, pin, maker }: Shared): string {
  const user = vouch.addUser({ email, domain: email.slice(email.indexOf("@") + 1) });
  const state = newSoftKeyState({ pin, maker });
  const userHandle = Buffer.from(user.id.replaceAll("-", ""), "hex");
  const credential = enrolCredential(state, { rpId: "localhost", userHandle, userName: email });
  vouch.addCredential({ userId: user.id, ...credential, name: "YubiKey of the lab" });
  return JSON.stringify(state);
}
