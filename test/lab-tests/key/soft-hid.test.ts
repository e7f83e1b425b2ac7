import assert from "node:assert/strict";
import type { HidPipe } from "../../../token/fido2/hid/security-keys.ts";
import { YUBIKEY_5_7_1 } from "../../lab/key/soft-key-profiles.ts";
import { RawClient, RP_ID } from "./raw-client.ts";

const NONCE = "0102030405060708";
const touchLater = (client: () => RawClient, ms: number) => () =>
  new Promise<"touched">((resolve) => client().timers.after(ms, () => resolve("touched")));

/** One opener of the key that writes reports as they are and keeps what it hears, in hex without trailing zeros. */
function opener(pipe: HidPipe) {
  const heard: string[] = [];
  pipe.listen({
    report: (report) => heard.push(trimmed(report)),
    error: (error) => heard.push(error.message),
  });
  const write = (hex: string) =>
    pipe.write(Buffer.concat([Buffer.from(hex, "hex"), Buffer.alloc(64)]).subarray(0, 64));
  return { heard, write, pipe };
}

const trimmed = (report: Uint8Array) =>
  Buffer.from(report)
    .toString("hex")
    .replace(/(00)+$/, "");
const passed = (client: RawClient, ms: number) =>
  new Promise<void>((resolve) => client.timers.after(ms, resolve));
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A key, an opener, and its channel 00010001. */
async function opened(touchMs = 1000) {
  const client: RawClient = new RawClient({
    profile: YUBIKEY_5_7_1,
    touch: touchLater(() => client, touchMs),
  });
  const host = opener(client.pipe());
  await host.write(`ffffffff860008${NONCE}`);
  await turn();
  assert.deepEqual(host.heard.splice(0), [`ffffffff860011${NONCE}000100010205070105`]);
  return { client, ...host };
}

/** getAssertion without a PIN fits one report exactly. */
const ASSERTION = `0001000190003902a20172${Buffer.from(RP_ID).toString("hex")}025820${"5a".repeat(32)}`;

describe("the software security key's transport", () => {
  it("hands out channels that begin with a zero byte, and resynchronises one", async () => {
    const { heard, write } = await opened();
    await write(`00010001860008${NONCE}`);
    await turn();
    assert.deepEqual(heard, [`00010001860011${NONCE}000100010205070105`]);
  });

  it("lets every opener hear everything, as Linux does", async () => {
    const { client, heard } = await opened();
    const other = opener(client.pipe());
    await other.write(`ffffffff860008${"aa".repeat(8)}`);
    await turn();
    const answer = `ffffffff860011${"aa".repeat(8)}000100020205070105`;
    assert.deepEqual([heard, other.heard], [[answer], [answer]]);
  });

  for (const [what, reports, answer] of [
    ["an unknown channel", ["0009000981000101"], "00090009bf00010b"],
    ["channel zero", ["0000000081000101"], "00000000bf00010b"],
    ["an unknown command", ["00010001830000"], "00010001bf000101"],
    ["a length that cannot be framed", ["00010001901dba"], "00010001bf000103"],
    ["a nonce of the wrong length", ["ffffffff86000701020304050607"], "ffffffffbf000103"],
    ["a wrong sequence number", ["000100018100ff", "0001000101"], "00010001bf000104"],
    ["a new message in the middle of one", ["000100018100ff", "0001000181000101"], "00010001bf000104"],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { heard, write } = await opened();
      for (const report of reports) await write(report);
      await turn();
      assert.deepEqual(heard, [answer]);
    });
  }

  it("refuses a command of CTAP2 above its own buffer, and takes one that fills it", async () => {
    const { heard, write } = await opened();
    await write("0001000190050104");
    await turn();
    assert.deepEqual(heard.splice(0), ["00010001bf000103"]);
    await write("0001000190050041");
    for (let at = 57, sequence = 0; at < 1280; at += 59, sequence += 1) {
      await write(`00010001${sequence.toString(16).padStart(2, "0")}`);
    }
    await turn();
    assert.deepEqual(heard, ["0001000190000101"]);
  });

  it("drops a request that stalls for 500 ms", async () => {
    const { client, heard, write } = await opened();
    await write("000100018100ff");
    await passed(client, 499);
    assert.deepEqual(heard, []);
    await passed(client, 2);
    assert.deepEqual(heard, ["00010001bf000105"]);
  });

  it("passes over a continuation of nothing", async () => {
    const { heard, write } = await opened();
    await write("0001000100");
    await turn();
    assert.deepEqual(heard, []);
  });

  it("is busy for a second channel while the first waits for a touch, and blinks at least every 100 ms", async () => {
    const { client, heard, write } = await opened(1000);
    await write(`ffffffff860008${NONCE}`);
    await turn();
    heard.splice(0);
    await write(ASSERTION);
    await passed(client, 500);
    await write("0001000290000104");
    await passed(client, 600);
    assert.equal(heard.filter((report) => report === "00010002bf000106").length, 1);
    assert.match(heard.find((report) => report.startsWith("0001000190")) ?? "", /^00010001900[01]..00a4/);
    const blinks = heard.filter((report) => report === "00010001bb000102").length;
    assert.ok(blinks >= 10 && blinks <= 13, `${blinks}`);
  });

  it("answers CANCEL through the request it ends, and only from the same channel", async () => {
    const { client, heard, write } = await opened(20_000);
    await write(`ffffffff860008${NONCE}`);
    await write(ASSERTION);
    await turn();
    heard.splice(0);
    await write("00010002910000");
    await passed(client, 10);
    assert.deepEqual(heard, []);
    await write("00010001910000");
    await passed(client, 10);
    assert.deepEqual(heard, ["000100019000012d"]);
  });

  it("forgets a request whose channel is resynchronised", async () => {
    const { client, heard, write } = await opened(300);
    await write(ASSERTION);
    await turn();
    heard.splice(0);
    await write(`00010001860008${NONCE}`);
    await passed(client, 1000);
    assert.deepEqual(heard, [`00010001860011${NONCE}000100010205070105`]);
  });

  it("takes no report of another length", async () => {
    const { pipe } = await opened();
    await assert.rejects(pipe.write(Buffer.alloc(65)), { message: "a report has 64 bytes, not 65" });
  });

  it("forgets its channels when it is plugged in again", async () => {
    const { client, heard, write } = await opened();
    client.key.plugIn();
    await write("0001000181000101");
    await turn();
    assert.deepEqual(heard, ["00010001bf00010b"]);
  });
});
