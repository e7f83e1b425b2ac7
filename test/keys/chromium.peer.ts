import assert from "node:assert/strict";
import { createPrivateKey, randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { verifyRegistrationResponse } from "@simplewebauthn/server";
import { enrolCredential, newSoftKeyState, type SoftKeyState } from "../lab/key/soft-key-state.ts";
import { LAB_PIN, LAB_USER, type Lab, startLab } from "../lab/lab.ts";
import { runCommand } from "../support/run-command.ts";
import { type BrowserCredential, enrolInBrowser } from "./chromium/enrolment.ts";

const RP_ID = "localhost";

describe("a credential that Chromium made", () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab();
  });
  after(() => lab?.close());

  it("is one that kubectl vouch login logs in with", async () => {
    const user = lab.vouch.users.find(({ email }) => email === LAB_USER);
    assert.ok(user);
    const challenge = randomBytes(32).toString("base64url");
    const userHandle = Buffer.from(user.id.replaceAll("-", ""), "hex");
    const made = await enrolInBrowser({ rpId: RP_ID, challenge, userHandle, userName: LAB_USER });
    const credential = await registered(made, challenge);
    putOnKey(lab, stateWith(made, userHandle));

    const unknown = await login(lab);
    assert.equal(unknown.status, 5);
    assert.match(unknown.stderr, /\[login-refused\]/);
    assert.equal(lab.vouch.counts.logins, 0);

    lab.vouch.addCredential({
      userId: user.id,
      credentialId: Buffer.from(credential.id, "base64url"),
      cosePublicKey: credential.publicKey,
      counter: credential.counter,
    });
    const { status, stderr } = await login(lab);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /\nLogged in as ada@example\.com until /);
    assert.equal(lab.vouch.counts.logins, 1);
    const counter = lab.vouch.credentials.find(({ id }) => id === credential.id)?.counter ?? 0;
    assert.ok(counter > credential.counter, `counter ${counter} after ${credential.counter}`);
  });
});

/** What a server that is not ours reads in the browser's attestation. */
async function registered({ origin, registration }: BrowserCredential, challenge: string) {
  const verification = await verifyRegistrationResponse({
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: RP_ID,
    requireUserVerification: true,
    response: registration,
  });
  assert.ok(verification.verified);
  return verification.registrationInfo.credential;
}

/** A key that holds the browser's credential and no other. */
function stateWith(made: BrowserCredential, userHandle: Uint8Array): SoftKeyState {
  const state = newSoftKeyState({ pin: LAB_PIN });
  enrolCredential(state, { rpId: RP_ID, userHandle, userName: LAB_USER });
  const privateKey = createPrivateKey({ key: made.privateKey, format: "der", type: "pkcs8" });
  const own = { credentialId: made.registration.id, privateKey: privateKey.export({ format: "jwk" }) };
  const credentials = state.credentials.map((credential) => ({ ...credential, ...own }));
  return { ...state, credentials, signCount: made.signCount };
}

function putOnKey({ home }: Lab, state: SoftKeyState): void {
  fs.writeFileSync(path.join(path.dirname(home), "security-key.json"), JSON.stringify(state));
}

function login({ env }: Lab) {
  const [bin = ""] = env["PATH"]?.split(path.delimiter) ?? [];
  const command = [path.join(bin, "kubectl-vouch"), "login", "--pin-stdin", "--key-store", "file"];
  return runCommand(command, { env, stdin: `${LAB_PIN}\n` });
}
