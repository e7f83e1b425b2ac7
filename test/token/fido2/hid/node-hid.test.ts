import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { type NodeHid, nodeHidKeys } from "../../../../token/fido2/hid/node-hid.ts";

const DEVICE = { vendorId: 0x1050, productId: 0x0407, release: 0, interface: 1 };
const KEY = {
  ...DEVICE,
  path: "/dev/hidraw1",
  manufacturer: "Yubico",
  product: "YubiKey OTP+FIDO+CCID",
  usagePage: 0xf1d0,
  usage: 1,
};

/** Takes what node-hid takes and says what it says. Source: token/fido2/CTAP.md, "node-hid". */
class FakeDevice extends EventEmitter {
  readonly written: string[] = [];
  closed = 0;

  async write(report: Buffer): Promise<number> {
    if (report.length !== 65 || report[0] !== 0) throw new Error("Cannot write to hid device");
    this.written.push(report.toString("hex"));
    return 65;
  }

  async close(): Promise<void> {
    this.closed += 1;
    this.removeAllListeners();
  }
}

function fakeNodeHid(device: FakeDevice | Error) {
  const opened: unknown[] = [];
  const nodeHid: NodeHid = {
    async devicesAsync() {
      return [
        { ...KEY, path: "/dev/hidraw0", usagePage: 1, usage: 6 },
        KEY,
        { ...KEY, path: "/dev/hidraw2", manufacturer: "", product: "Vouch SoftKey" },
        { ...KEY, path: "/dev/hidraw3", manufacturer: undefined, product: undefined },
        { ...DEVICE, usagePage: 0xf1d0, usage: 1 },
        { ...KEY, path: "/dev/hidraw4", usage: 2 },
      ];
    },
    HIDAsync: {
      async open(path, options) {
        opened.push([path, options]);
        if (device instanceof Error) throw device;
        return device;
      },
    },
  };
  return { nodeHid, opened };
}

const FOUND = { path: KEY.path, name: "Yubico YubiKey OTP+FIDO+CCID" };

describe("security keys through node-hid", () => {
  it("are told by their usage, and named for people", async () => {
    assert.deepEqual(await nodeHidKeys(fakeNodeHid(new FakeDevice()).nodeHid).list(), [
      FOUND,
      { path: "/dev/hidraw2", name: "Vouch SoftKey" },
      { path: "/dev/hidraw3", name: "The security key" },
    ]);
  });

  it("are opened beside other programs, and written to with the zero in front", async () => {
    const device = new FakeDevice();
    const { nodeHid, opened } = fakeNodeHid(device);
    const pipe = await nodeHidKeys(nodeHid).open(FOUND);
    await pipe.write(Buffer.alloc(64, 0xab));
    assert.deepEqual(opened, [[KEY.path, { nonExclusive: true }]]);
    assert.deepEqual(device.written, [`00${"ab".repeat(64)}`]);
  });

  it("hand on reports, and errors that come as strings", async () => {
    const device = new FakeDevice();
    const pipe = await nodeHidKeys(fakeNodeHid(device).nodeHid).open(FOUND);
    const heard: unknown[] = [];
    pipe.listen({ report: (report) => heard.push(report), error: (error) => heard.push(error) });
    device.emit("data", Buffer.alloc(64, 1));
    device.emit("error", "could not read from HID device");
    assert.deepEqual(heard, [Buffer.alloc(64, 1), new Error("could not read from HID device")]);
  });

  it("are closed once", async () => {
    const device = new FakeDevice();
    const pipe = await nodeHidKeys(fakeNodeHid(device).nodeHid).open(FOUND);
    await pipe.close();
    await pipe.close();
    assert.equal(device.closed, 1);
  });

  for (const [reason, code] of Object.entries({
    "cannot open device with path /dev/hidraw1: Failed to open a device with path '/dev/hidraw1': Permission denied":
      "security-key-unreadable",
    "hid_open_path: failed to open IOHIDDevice from mach entry: (0xE00002E2)": "security-key-unreadable",
    "hid_open_path: failed to open IOHIDDevice from mach entry: (0xE00002C5)": "security-key-busy",
    "cannot open device with path /dev/hidraw1: No such device": "security-key-failed",
  } as const)) {
    it(`that cannot be opened are ${code}: ${reason.slice(-20)}`, async () => {
      await assert.rejects(nodeHidKeys(fakeNodeHid(new Error(reason)).nodeHid).open(FOUND), { code });
    });
  }
});
