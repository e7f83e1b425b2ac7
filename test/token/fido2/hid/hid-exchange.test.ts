import assert from "node:assert/strict";
import { HidLine } from "../../../../token/fido2/hid/hid-exchange.ts";
import type { PipeListener } from "../../../../token/fido2/hid/security-keys.ts";

describe("the pipe of a key", () => {
  it("that broke while nobody listened is not written to any more", async () => {
    let listener: PipeListener | undefined;
    let written = 0;
    const line = new HidLine({
      listen: (given) => {
        listener = given;
      },
      write: async () => {
        written += 1;
      },
      close: async () => {},
    });
    const message = { command: 0x10, payload: Buffer.from([4]) };
    await line.write(1, message);
    listener?.error(new Error("unplugged"));
    await assert.rejects(line.write(1, message), {
      code: "security-key-unplugged",
      message: "The security key was unplugged.",
    });
    assert.equal(written, 1);
  });
});
