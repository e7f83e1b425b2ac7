import assert from "node:assert/strict";
import type { NodeHid } from "../../../../token/fido2/hid/node-hid.ts";
import type { SecurityKeys } from "../../../../token/fido2/hid/security-keys.ts";
import { systemSecurityKeys } from "../../../../token/fido2/hid/system-security-keys.ts";

const PLAIN = [{ path: "/dev/hidraw9", name: "plain file" }];
const plainFiles: SecurityKeys = {
  list: async () => PLAIN,
  open: async () => {
    throw new TypeError("opened as a plain file");
  },
};

function nodeHid(list: NodeHid["devicesAsync"]): NodeHid {
  return {
    devicesAsync: list,
    HIDAsync: {
      open: async () => {
        throw new Error("opened through the addon");
      },
    },
  };
}

// The text of Node where libusb is not installed. Source: token/fido2/CTAP.md, "node-hid".
const noLibusb = async () => {
  throw Object.assign(
    new Error("libusb-1.0.so.0: cannot open shared object file: No such file or directory"),
    {
      code: "ERR_DLOPEN_FAILED",
    },
  );
};
const device = {
  vendorId: 1,
  productId: 2,
  release: 0,
  interface: 0,
  path: "/dev/null",
  product: "addon",
  usagePage: 0xf1d0,
  usage: 1,
};

describe("the security keys of this machine", () => {
  it("come through node-hid, which is loaded once and only when asked", async () => {
    let loads = 0;
    const load = async () => {
      loads += 1;
      return nodeHid(async () => [device]);
    };
    const keys = systemSecurityKeys({ platform: "darwin", load, plainFiles });
    assert.equal(loads, 0);
    assert.deepEqual(
      [await keys.list(), await keys.list(), loads],
      [[{ path: "/dev/null", name: "addon" }], [{ path: "/dev/null", name: "addon" }], 1],
    );
  });

  it("come as plain files on Linux, and nothing is loaded", async () => {
    const load = async () => assert.fail("node-hid was loaded");
    const keys = systemSecurityKeys({ platform: "linux", load, plainFiles });
    assert.deepEqual(await keys.list(), PLAIN);
    await assert.rejects(keys.open({ path: "/dev/null", name: "" }), { message: "opened as a plain file" });
  });

  it("are an error where the addon does not load", async () => {
    const keys = systemSecurityKeys({ platform: "darwin", load: noLibusb, plainFiles });
    await assert.rejects(keys.list(), {
      code: "security-key-failed",
      message:
        "Cannot load the security key library: libusb-1.0.so.0: cannot open shared object file: No such file or directory",
    });
  });

  it("are looked at before they are opened on Linux: one that has gone is an error with its path", async () => {
    const keys = systemSecurityKeys({ platform: "linux" });
    await assert.rejects(keys.open({ path: "/dev/vouch-no-such-key", name: "" }), {
      code: "security-key-failed",
      message: "The security key at /dev/vouch-no-such-key cannot be opened.",
    });
  });

  it("come with a word about Windows there", () => {
    const hint = (platform: NodeJS.Platform) => systemSecurityKeys({ platform, plainFiles }).missingHint;
    assert.match(hint("win32") ?? "", /administrator/);
    assert.equal(hint("linux"), undefined);
    const inWsl = systemSecurityKeys({ platform: "linux", place: "wsl", plainFiles });
    assert.match(inWsl.missingHint ?? "", /usbipd.*`kubectl-vouch\.exe login`/);
  });

  it("have the dialog of Windows if it is there, and are listed all the same", async () => {
    const dialog = { assert: async () => undefined, create: async () => undefined };
    const load = async () => nodeHid(async () => [device]);
    const keys = systemSecurityKeys({ platform: "win32", dialog, load });
    assert.equal(keys.dialog, dialog);
    assert.deepEqual(await keys.list(), [{ path: "/dev/null", name: "addon" }]);
    assert.equal(systemSecurityKeys({ platform: "darwin", load }).dialog, undefined);
  });
});
