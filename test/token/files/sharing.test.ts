import assert from "node:assert/strict";
import { whenFree } from "../../../token/files/sharing.ts";

/** A file that is open elsewhere during so many calls. */
function busy(times: number, code = "EBUSY") {
  let left = times;
  return () => {
    left -= 1;
    if (left >= 0) throw Object.assign(new Error(code), { code });
    return "text";
  };
}

describe("whenFree", () => {
  it("waits on Windows while another program has the file open", () =>
    assert.equal(whenFree(busy(2), undefined, "win32"), "text"));
  it("does not wait elsewhere", () =>
    assert.throws(() => whenFree(busy(1), undefined, "linux"), { code: "EBUSY" }));
  it("does not wait to read what may not be read", () =>
    assert.throws(() => whenFree(busy(1, "EPERM"), undefined, "win32"), { code: "EPERM" }));
});
