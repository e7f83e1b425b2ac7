import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { U2F_ONLY } from "../lab/key/soft-key-profiles.ts";
import { runCommand } from "../support/run-command.ts";
import { FIDO2_KEYS } from "./every-profile.ts";
import { offeredKeys } from "./offered-key.ts";

const SOURCE = path.join(import.meta.dirname, "libfido2", "client.c");
/** Canary. */
const PIN = "1593-pin";
const OK = "FIDO_ERR_SUCCESS";

/** User present and verified, and a credential attested: 0x45. */
const REGISTRATION = [
  ["make credential", OK],
  ["format", "packed"],
  ["flags", String(0x45)],
  ["verify self attestation", OK],
];
/** Of two accounts the newest comes first, and both have names. */
const CEREMONIES = [
  ...REGISTRATION,
  ["get named assertion", OK],
  ["user", "ada -"],
  ["verify assertion", OK],
  ["get assertion", OK],
  ["user", "ada -"],
  ["verify assertion", OK],
  ...REGISTRATION,
  ["get assertion", OK],
  ["user", "bob bob"],
  ["user", "ada ada"],
  ["verify assertion", OK],
  ["unknown relying party", "FIDO_ERR_NO_CREDENTIALS"],
  ["wrong PIN", "FIDO_ERR_PIN_INVALID"],
  ["PIN retries after it", OK],
  ["left", "7"],
];

const RETRIES = [
  ["PIN retries", OK],
  ["left", "8"],
];

describe("libfido2 with the software key", () => {
  const offer = offeredKeys();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "vouch-libfido2-"));
  const program = path.join(folder, "client");
  before(() => execFileSync("gcc", ["-Wall", "-Werror", "-o", program, SOURCE, "-lfido2", "-lcrypto"]));
  after(() => fs.rmSync(folder, { recursive: true }));

  /** The steps, and what came of each. */
  const steps = async (socket: string, ...pin: string[]) => {
    const { status, stdout, stderr } = await runCommand([program, socket, ...pin], { env: {} });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    return stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split("\t"));
  };

  for (const [name, profile] of FIDO2_KEYS) {
    const opened = [
      ["open", OK],
      ["fido2", "1"],
    ];

    it(`reads its retries, registers and logs in: ${name}`, async () => {
      const { socket } = await offer(profile, { pin: PIN });
      assert.deepEqual(await steps(socket, PIN), [...opened, ...RETRIES, ...CEREMONIES]);
    });

    if (profile.options["uv"] === true) {
      it(`registers and logs in with a finger: ${name}`, async () => {
        const { socket } = await offer(profile, { pin: PIN });
        assert.deepEqual(await steps(socket), [...opened, ...RETRIES, ...CEREMONIES]);
      });
    }

    it(`sets a PIN first where there is none: ${name}`, async () => {
      const { socket } = await offer(profile);
      assert.deepEqual(await steps(socket, PIN), [...opened, ["set PIN", OK], ...CEREMONIES]);
    });
  }

  it("learns that a key has no FIDO2", async () => {
    const { socket } = await offer(U2F_ONLY);
    assert.deepEqual(await steps(socket, PIN), [
      ["open", OK],
      ["fido2", "0"],
    ]);
  });
});
