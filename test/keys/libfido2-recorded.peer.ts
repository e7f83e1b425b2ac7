import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import path from "node:path";
import { assertionCount, readAssertion } from "../../token/fido2/ctap/answers.ts";
import { Ctap2 } from "../../token/fido2/ctap/ctap2.ts";
import { CtapHid } from "../../token/fido2/hid/ctap-hid.ts";
import { choosePinUvProtocol, keyAgreementKey, sharedPoint } from "../../token/fido2/pin/pin-protocol.ts";
import { systemTimers } from "../../token/timers.ts";
import { runCommand } from "../support/run-command.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { ERROR, INIT, INVALID_CHANNEL, ScriptedPipe } from "../token/fido2/scripted-pipe.ts";
import { RECORDED } from "./libfido2/recorded.ts";
import { offerPipes } from "./offered-key.ts";

const RP_ID = "localhost";
/** What the recorded INIT gives. */
const CHANNEL = 0x0022_0002;
const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("hex");

describe("what security keys were recorded to answer", () => {
  const folder = tempFolder();
  const open = () =>
    CtapHid.open(recordedKey(), {
      timers: systemTimers,
      signal: new AbortController().signal,
      onBusy: () => {},
    });

  it("is read by our client as by libfido2", async () => {
    const program = path.join(folder(), "read");
    const socket = path.join(folder(), "socket");
    const source = path.join(import.meta.dirname, "libfido2", "read.c");
    execFileSync("gcc", ["-Wall", "-Werror", "-o", program, source, "-lfido2"]);
    const close = await offerPipes(socket, recordedKey);
    const judged = await runCommand([program, socket, RP_ID], { env: {} }).finally(close);
    assert.deepEqual({ ...judged, stdout: "" }, { status: 0, stdout: "", stderr: "" });

    const hid = await open();
    const ctap = new Ctap2(hid);
    const { options, versions, extensions, ...info } = await ctap.getInfo();
    const { pinUvAuthProtocols, forcePinChange, minPinLength, maxMessageSize } = info;
    const { left } = await ctap.clientPin.getPinRetries(1);
    const answer = await ctap.getAssertion(anyAssertion);
    assert.deepEqual(
      {
        speaksCbor: hid.speaksCbor,
        ...{ versions, extensions, pinUvAuthProtocols, forcePinChange, minPinLength, maxMessageSize },
        options: Object.fromEntries(options),
        pinRetries: left,
        credentialId: hex((answer.get(1) as Map<string, Uint8Array>).get("id")),
        authenticatorData: hex(answer.get(2) as Uint8Array),
        signature: hex(answer.get(3) as Uint8Array),
        userHandle: hex((answer.get(4) as Map<string, Uint8Array> | undefined)?.get("id")),
        count: assertionCount(answer),
      },
      JSON.parse(judged.stdout),
    );
  });

  it("is refused as a login: nobody touched the key", async () => {
    const answer = await new Ctap2(await open()).getAssertion(anyAssertion);
    assert.throws(() => readAssertion(answer, RP_ID), /responded without a touch/);
    assert.throws(
      () => readAssertion(answer, "vouch.example.test"),
      /responded for a server other than vouch/,
    );
  });

  it("tells of a touch that is awaited", async () => {
    const heard: number[] = [];
    await new Ctap2(await open()).getAssertion(anyAssertion, { onKeepalive: (status) => heard.push(status) });
    assert.deepEqual(heard, [2]);
  });

  it("is a key to agree with, and a token of 16 bytes under protocol one", async () => {
    const ctap = new Ctap2(await open());
    const theirs = await ctap.clientPin.getKeyAgreement(1);
    assert.deepEqual(
      [hex(theirs.get(-2) as Uint8Array), hex(theirs.get(-3) as Uint8Array)],
      [
        "2ab82d3669ab309de35e9bfb94fc1d9295af0147fe4b87e5cf3f050b39da1749",
        "151bbe0878604d3c3ff160a6d8f8edce4a305d1aaf80c40ad26f77381297aabd",
      ],
    );
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const protocol = choosePinUvProtocol([1]);
    const encryptionKey = protocol?.encryptionKey(sharedPoint(theirs, privateKey));
    assert.ok(protocol && encryptionKey);
    const token = await ctap.clientPin.getPinToken({
      ...{ protocol: 1, scope: undefined },
      keyAgreement: keyAgreementKey(publicKey),
      pinHashEnc: Buffer.alloc(16),
    });
    assert.equal(hex(token), "ee404c85d7a12f56c44ec59341d03b23");
    assert.equal(protocol.decrypt(encryptionKey, token)?.length, 16);
  });
});

const anyAssertion = {
  rpId: RP_ID,
  clientDataHash: Buffer.alloc(32),
  verification: { pinUvAuthParam: Buffer.alloc(16), protocol: 1 },
  touch: true,
};

/** Answers each command with what was recorded, on the one channel that the recorded INIT gives. */
function recordedKey(): ScriptedPipe {
  return new ScriptedPipe((message, pipe) => {
    if (message.command === INIT) {
      for (const report of reports("init")) pipe.report(withNonce(report, message.payload));
    } else if (message.cid !== CHANNEL) {
      pipe.answer(message.cid, ERROR, INVALID_CHANNEL);
    } else {
      for (const report of recordedCommand(message.payload).flatMap(reports)) pipe.report(onChannel(report));
    }
  });
}

/** By command, and by subcommand of clientPIN, which comes behind its protocol or first. */
function recordedCommand(payload: Buffer): (keyof typeof RECORDED)[] {
  const isClientPin = payload[0] === 0x06;
  const [, subcommand] = /^06a.(?:01..)?02(..)/.exec(hex(payload)) ?? [];
  if (payload[0] === 0x04) return ["getInfo"];
  if (payload[0] === 0x02) return ["keepalive", "assertion"];
  if (isClientPin && subcommand === "01") return ["pinRetries"];
  if (isClientPin && subcommand === "02") return ["keyAgreement"];
  if (isClientPin && subcommand === "05") return ["pinToken"];
  throw new Error(`nothing was recorded for ${hex(payload)}`);
}

function reports(name: keyof typeof RECORDED): Buffer[] {
  return RECORDED[name].map((report) => Buffer.from(report, "hex"));
}

function onChannel(report: Buffer): Buffer {
  report.writeUInt32BE(CHANNEL);
  return report;
}

/** The nonce is always the asker's own. */
function withNonce(report: Buffer, nonce: Buffer): Buffer {
  nonce.copy(report, 7);
  return report;
}
