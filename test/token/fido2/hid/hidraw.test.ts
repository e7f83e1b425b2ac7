import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type HidrawIo, hidrawKeys } from "../../../../token/fido2/hid/hidraw.ts";
import { bareReport, softHidraw } from "../../../lab/key/soft-hidraw.ts";
import { SOFT_KEY_PROFILES } from "../../../lab/key/soft-key-profiles.ts";
import { virtualTimers } from "../../../lab/key/virtual-timers.ts";
import { onPosix } from "../../../support/platform.ts";
import { keyBench } from "../key-bench.ts";

const FIDO = "06d0f10901a1010920150026ff007508954081020921150026ff00750895409102c0";
const KEYBOARD = "05010906a101050719e029e7150025017501950881029508c0";
const PATH = "/dev/hidraw1";

/** A key's file as the kernel shows it. Source: token/fido2/CTAP.md, "Plain hidraw files". */
class FakeFile {
  readonly written: string[] = [];
  reports: Buffer[] = [];
  unplugged = false;
  closed = 0;
  denied = false;

  readonly io = {
    accessSync: () => this.#deny("access"),
    openSync: (_: string, flags: number) => {
      this.#deny("open");
      assert.equal(flags, fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
      return 42;
    },
    readSync: (fd: number, buffer: Buffer) => {
      assert.equal(fd, 42);
      if (this.unplugged) throw Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" });
      const report = this.reports.shift();
      if (report === undefined) {
        throw Object.assign(new Error("EAGAIN: resource temporarily unavailable, read"), { code: "EAGAIN" });
      }
      return report.copy(buffer);
    },
    writeSync: (_: number, bytes: Buffer) => {
      if (this.unplugged) throw Object.assign(new Error("ENODEV: no such device, write"), { code: "ENODEV" });
      this.written.push(Buffer.from(bareReport(bytes)).toString("hex"));
      return 65;
    },
    closeSync: () => {
      this.closed += 1;
    },
  } as unknown as HidrawIo;

  #deny(call: string): void {
    if (this.denied) {
      throw Object.assign(new Error(`EACCES: permission denied, ${call} '${PATH}'`), { code: "EACCES" });
    }
  }
}

async function opened() {
  const file = new FakeFile();
  const timers = virtualTimers();
  const keys = hidrawKeys({ timers, sysRoot: "/nowhere", devRoot: "/dev", io: file.io });
  const pipe = await keys.open({ path: PATH, name: "key" });
  const heard: unknown[] = [];
  return {
    file,
    timers,
    pipe,
    heard,
    listener: {
      report: (each: unknown) => heard.push(each),
      error: (each: Error) => heard.push(each.message),
    },
  };
}

const passed = (timers: ReturnType<typeof virtualTimers>, ms: number) =>
  new Promise<void>((resolve) => timers.after(ms, resolve));

describe("security keys as plain files", () => {
  describe("listing", () => {
    let root: string;

    beforeEach(() => {
      root = fs.mkdtempSync(path.join(os.tmpdir(), "vouch-hidraw-"));
    });

    afterEach(() => {
      fs.rmSync(root, { recursive: true });
    });

    function device(name: string, descriptor: string, uevent: string | undefined): void {
      const folder = path.join(root, name, "device");
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(path.join(folder, "report_descriptor"), Buffer.from(descriptor, "hex"));
      if (uevent !== undefined) fs.writeFileSync(path.join(folder, "uevent"), uevent);
    }

    const list = () => hidrawKeys({ timers: virtualTimers(), sysRoot: root, devRoot: "/dev" }).list();

    onPosix("paths", "finds the FIDO interfaces by their descriptor and names them", async () => {
      device("hidraw0", KEYBOARD, "HID_NAME=Yubico YubiKey OTP+FIDO+CCID\n");
      device(
        "hidraw1",
        FIDO,
        "HID_ID=0003:00001050:00000407\nHID_NAME=Yubico YubiKey OTP+FIDO+CCID\nHID_PHYS=usb/input1\n",
      );
      device("hidraw2", FIDO, "HID_NAME=\n");
      device("hidraw3", FIDO, undefined);
      assert.deepEqual(await list(), [
        { path: "/dev/hidraw1", name: "Yubico YubiKey OTP+FIDO+CCID" },
        { path: "/dev/hidraw2", name: "The security key" },
      ]);
    });

    it("finds none where the kernel has no such folder", async () => {
      fs.rmSync(root, { recursive: true });
      assert.deepEqual(await list(), []);
      fs.mkdirSync(root);
    });
  });

  describe("an open key", () => {
    it("is written to with the zero in front", async () => {
      const { file, pipe } = await opened();
      await pipe.write(Buffer.alloc(64, 0xcd));
      assert.deepEqual(file.written, ["cd".repeat(64)]);
    });

    it("takes no report without the zero", () => {
      for (const bytes of [Buffer.alloc(64), Buffer.alloc(66), Buffer.alloc(65, 1)]) {
        assert.throws(() => bareReport(bytes), { message: /^a report is written as a zero and 64 bytes/ });
      }
    });

    it("hands on reports as they come, several at once", async () => {
      const { file, timers, pipe, heard, listener } = await opened();
      pipe.listen(listener);
      file.reports = [Buffer.alloc(64, 1), Buffer.alloc(64, 2)];
      await passed(timers, 6);
      file.reports = [Buffer.alloc(64, 3)];
      await passed(timers, 6);
      await pipe.close();
      assert.deepEqual(heard, [Buffer.alloc(64, 1), Buffer.alloc(64, 2), Buffer.alloc(64, 3)]);
    });

    it("reports once that it was unplugged", async () => {
      const { file, timers, pipe, heard, listener } = await opened();
      pipe.listen(listener);
      file.unplugged = true;
      await passed(timers, 50);
      assert.deepEqual(heard, ["the key's file cannot be read"]);
      await assert.rejects(pipe.write(Buffer.alloc(64)), { code: "ENODEV" });
    });

    it("is closed once, and then says nothing more", async () => {
      const { file, timers, pipe, heard, listener } = await opened();
      pipe.listen(listener);
      await pipe.close();
      await pipe.close();
      file.reports = [Buffer.alloc(64, 1)];
      await passed(timers, 50);
      assert.deepEqual({ closed: file.closed, heard }, { closed: 1, heard: [] });
      await assert.rejects(pipe.write(Buffer.alloc(64)), { message: "the key is closed" });
    });

    it("may close itself from within a report", async () => {
      const { file, timers, pipe } = await opened();
      let reports = 0;
      pipe.listen({
        report: () => {
          reports += 1;
          void pipe.close();
        },
        error: (error) => assert.fail(error),
      });
      file.reports = [Buffer.alloc(64, 1), Buffer.alloc(64, 2)];
      await passed(timers, 20);
      assert.equal(reports, 1);
    });
  });

  for (const profile of SOFT_KEY_PROFILES) {
    it(`log in: ${profile.name}`, async () => {
      const { key, login, options, timers } = keyBench({ profile });
      const io = softHidraw(key);
      const files = hidrawKeys({ timers, sysRoot: "/nowhere", devRoot: "/dev", io });
      const keys = { list: options.keys.list, open: files.open };
      assert.equal((await login({ keys })).userHandle.length, 16);
    });
  }

  it("that may not be opened are told apart from none, with the command that helps", async () => {
    const file = new FakeFile();
    file.denied = true;
    const keys = hidrawKeys({ timers: virtualTimers(), sysRoot: "/nowhere", devRoot: "/dev", io: file.io });
    await assert.rejects(keys.open({ path: PATH, name: "key" }), {
      code: "security-key-unreadable",
      message: "The security key at /dev/hidraw1 exists, but you are not allowed to open it.",
      hint: `Run \`sudo setfacl -m u:${process.getuid?.()}:rw /dev/hidraw1\`. To make this permanent, put \`KERNEL=="hidraw*", SUBSYSTEM=="hidraw", ENV{ID_FIDO_TOKEN}=="1", TAG+="uaccess"\` in /etc/udev/rules.d/70-vouch-fido.rules and plug the key in again.`,
    });
  });
});
