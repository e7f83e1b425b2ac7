import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { newSoftKeyState } from "../lab/key/soft-key-state.ts";
import { LAB_PIN, startLab } from "../lab/lab.ts";
import { handConnection } from "../lab-tests/vouch/hand-http.ts";
import { CONTEXT, type LabPerson, labPerson, succeeded } from "./lab-person.ts";

const NEWCOMER = "grace@example.com";

describe("somebody new in the lab, with a new security key", () => {
  let person: LabPerson;
  before(async () => {
    person = labPerson(await startLab());
    const file = path.join(path.dirname(person.lab.home), "security-key.json");
    const { maker } = JSON.parse(fs.readFileSync(file, "utf8"));
    fs.writeFileSync(file, JSON.stringify(newSoftKeyState({ pin: LAB_PIN, maker })));
  });
  after(() => person?.lab.close());

  /** What the person does in the browser: types the code that is shown, and an address of their own. */
  const decide = async (action: "approve" | "deny") => {
    const { vouch, ca } = person.lab;
    while (vouch.waitingCodes.length === 0) await delay(50);
    const fields = { user_code: vouch.waitingCodes[0] ?? "", email: NEWCOMER, action };
    const browser = handConnection(vouch.url, ca.cert);
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams(fields).toString();
    const { status } = await browser.send({ method: "POST", path: "/device", headers, body });
    browser.close();
    assert.equal(status, 200);
  };

  it("is told when it was denied, and stays logged out", async () => {
    const [{ status, stdout, stderr }] = await Promise.all([person.vouch(["enroll"]), decide("deny")]);
    assert.deepEqual([status, stdout], [5, ""]);
    assert.match(stderr, /\[permission-denied\]\n/);
    assert.equal((await person.vouch(["status"])).status, 2);
  });

  it("enrols in the browser and registers the key, which then logs in and reaches the cluster", async () => {
    const words = ["enroll", "--add-key", "--pin-stdin", "--key-store", "file", "-o", "json"];
    const [enrolled] = await Promise.all([person.vouch(words, { stdin: `${LAB_PIN}\n` }), decide("approve")]);
    const { email, key, hardwareVerified } = JSON.parse(succeeded(enrolled));
    assert.deepEqual([email, hardwareVerified], [NEWCOMER, false]);
    assert.match(enrolled.stderr, /\nOpen https:\/\/localhost:\d+\/device\?user_code=[A-Z-]{9} in a browser/);

    await person.logIn();
    const listed = JSON.parse(succeeded(await person.vouch(["keys", "-o", "json"])));
    assert.deepEqual(
      listed.registered.map(({ id, current }: Record<string, unknown>) => ({ id, current })),
      [{ id: key.id, current: true }],
    );
    await person.setUp();
    const { stdout } = await person.vouch(["whoami", "--context", CONTEXT]);
    assert.match(stdout, /grace@example\.com/);
  });

  it("keeps the last key, and adds no key twice", async () => {
    const twice = await person.vouch(["keys", "add", "--pin-stdin"], { stdin: `${LAB_PIN}\n` });
    assert.match(twice.stderr, /\[security-key-enrolled\]/);
    const last = await person.vouch(["keys", "remove", "Yubico YubiKey 5 NFC (5.7.1)", "--yes"]);
    assert.equal(last.status, 5, last.stderr);
  });
});
