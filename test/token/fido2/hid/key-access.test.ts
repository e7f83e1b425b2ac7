import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  type LinuxPlace,
  linuxPlace,
  requireKeyAccess,
  unseenHint,
} from "../../../../token/fido2/hid/key-access.ts";

/** Source: token/fido2/CTAP.md, "Linux", and the /proc/version of Debian 12 and of WSL 2. */
const DEBIAN = "Linux version 6.1.0-37-amd64 (debian-kernel@lists.debian.org)";
const WSL = "Linux version 5.15.153.1-microsoft-standard-WSL2 (root@941d701f84f1)";

describe("where on Linux we run", () => {
  let root: string;
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-place-"));
    for (const folder of ["proc", "run"]) fs.mkdirSync(path.join(root, folder));
  });
  afterEach(() => fs.rmSync(root, { recursive: true }));
  const write = (file: string, text: string) => fs.writeFileSync(path.join(root, file), text);

  it("is a desk where nothing else is said, and nothing is known", () => {
    assert.equal(linuxPlace({}, root), "desk");
    write("proc/version", DEBIAN);
    assert.equal(linuxPlace({ SSH_CONNECTION: "" }, root), "desk");
  });

  it("is WSL by its kernel, in a container of it too", () => {
    write("proc/version", WSL);
    write(".dockerenv", "");
    assert.equal(linuxPlace({ SSH_CONNECTION: "192.0.2.1 22 192.0.2.2 22" }, root), "wsl");
  });

  for (const mark of [".dockerenv", "run/.containerenv"]) {
    it(`is a container where ${mark} lies`, () => {
      write("proc/version", DEBIAN);
      write(mark, "");
      assert.equal(linuxPlace({}, root), "container");
    });
  }

  it("is the far end of ssh", () => {
    write("proc/version", DEBIAN);
    assert.equal(linuxPlace({ SSH_CONNECTION: "192.0.2.1 50000 192.0.2.2 22" }, root), "ssh");
  });

  const hints: readonly (readonly [LinuxPlace, RegExp | undefined, string])[] = [
    ["desk", undefined, 'TAG+="uaccess"'],
    ["ssh", /not into the one from which you connected by ssh/, 'GROUP="plugdev", MODE="0660"'],
    ["container", /--device=/, 'GROUP="plugdev", MODE="0660"'],
    ["wsl", /`usbipd attach --wsl --busid BUSID`/, 'GROUP="plugdev", MODE="0660"'],
  ];
  for (const [place, unseen, rule] of hints) {
    it(`decides what is said of a key that is not seen, or may not be opened: ${place}`, () => {
      const hint = unseenHint(place);
      assert.ok(unseen === undefined ? hint === undefined : unseen.test(hint ?? ""));
      const access = () => {
        throw Object.assign(new Error("no"), { code: "EACCES" });
      };
      assert.throws(() => requireKeyAccess("/dev/hidraw3", { place, access }), {
        code: "security-key-unreadable",
        hint: `Run \`sudo setfacl -m u:${process.getuid?.()}:rw /dev/hidraw3\`. To make this permanent, put \`KERNEL=="hidraw*", SUBSYSTEM=="hidraw", ENV{ID_FIDO_TOKEN}=="1", ${rule}\` in /etc/udev/rules.d/70-vouch-fido.rules and plug the key in again.`,
      });
    });
  }
});
