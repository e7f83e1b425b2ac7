import assert from "node:assert/strict";
import { MessageAssembler, messageReports } from "../../../../token/fido2/hid/hid-frames.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const report = (text: string) => Buffer.concat([Buffer.from(text, "hex"), Buffer.alloc(64)]).subarray(0, 64);
const counted = (length: number) => Buffer.from(Array.from({ length }, (_, index) => index % 251));

describe("CTAPHID messages as reports", () => {
  // The frame layout written out by hand from token/fido2/CTAP.md, "Frames"; the first is INIT with the nonce
  // 0102030405060708.
  it("puts a short message into one zero-padded report", () => {
    const reports = messageReports(0xffffffff, {
      command: 0x06,
      payload: Buffer.from("0102030405060708", "hex"),
    });
    assert.deepEqual(reports.map(hex), [`ffffffff8600080102030405060708${"00".repeat(49)}`]);
  });

  it("continues a long message in numbered reports", () => {
    const payload = counted(57 + 59 + 3);
    const reports = messageReports(0x00000a01, { command: 0x10, payload });
    assert.deepEqual(reports.map(hex), [
      `00000a01900077${hex(payload.subarray(0, 57))}`,
      `00000a0100${hex(payload.subarray(57, 116))}`,
      `00000a0101${hex(payload.subarray(116))}${"00".repeat(56)}`,
    ]);
  });

  it("takes 7609 bytes and not one more", () => {
    const reports = messageReports(1, { command: 0x10, payload: counted(7609) });
    assert.equal(reports.length, 129);
    assert.equal(reports.at(-1)?.[4], 0x7f);
    assert.throws(() => messageReports(1, { command: 0x10, payload: counted(7610) }), RangeError);
  });

  for (const length of [0, 1, 57, 58, 116, 117, 1536, 7609]) {
    it(`puts ${length} bytes together again`, () => {
      const assembler = new MessageAssembler(7);
      const heard = messageReports(7, { command: 0x10, payload: counted(length) }).map((each) =>
        assembler.feed(each),
      );
      assert.deepEqual(heard.slice(0, -1).filter(Boolean), []);
      assert.deepEqual(heard.at(-1), { command: 0x10, payload: counted(length) });
    });
  }

  it("passes over the frames of other channels in the middle of a message", () => {
    const assembler = new MessageAssembler(7);
    const [first, second] = messageReports(7, { command: 0x10, payload: counted(60) });
    assert.ok(first && second);
    assert.equal(assembler.feed(first), undefined);
    assert.equal(assembler.feed(report("00000008bb000102")), undefined);
    assert.equal(assembler.feed(report("0000000800ffff")), undefined);
    assert.deepEqual(assembler.feed(second), { command: 0x10, payload: counted(60) });
  });

  it("passes over a continuation of nothing", () => {
    assert.equal(new MessageAssembler(7).feed(report("0000000700aabb")), undefined);
  });

  it("calls a wrong sequence number garbled, and starts afresh after it", () => {
    const assembler = new MessageAssembler(7);
    assert.equal(assembler.feed(report("00000007900078aa")), undefined);
    assert.equal(assembler.feed(report("0000000701bb")), "garbled");
    assert.equal(assembler.feed(report("0000000700bb")), undefined);
    assert.deepEqual(assembler.feed(report("00000007900001cc")), {
      command: 0x10,
      payload: Buffer.from("cc", "hex"),
    });
  });

  it("calls a length that cannot be framed garbled", () => {
    assert.equal(new MessageAssembler(7).feed(report("000000079077ff")), "garbled");
  });

  it("passes over a report of the wrong size", () => {
    assert.equal(new MessageAssembler(7).feed(Buffer.from("00000007900001cc", "hex")), undefined);
  });
});
