import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openerFor, openInBrowser, startOpener } from "../../../plugin/programs/browser.ts";

const ADDRESS = "https://vouch.example.test/device?user_code=WDJB-MJHT&x=$(id)";
const DISPLAY = { DISPLAY: ":0" };

describe("the person's browser", () => {
  for (const [platform, env, file, args] of [
    ["linux", DISPLAY, "/usr/bin/xdg-open", [ADDRESS]],
    ["linux", { WAYLAND_DISPLAY: "wayland-0" }, "/usr/bin/xdg-open", [ADDRESS]],
    ["darwin", {}, "/usr/bin/open", [ADDRESS]],
    [
      "win32",
      { SystemRoot: "D:\\Windows" },
      "D:\\Windows\\System32\\rundll32.exe",
      ["url.dll,FileProtocolHandler", ADDRESS],
    ],
  ] as const) {
    it(`is opened by ${file}, with the address as one word`, () => {
      assert.deepEqual(openerFor(ADDRESS, { platform, env }), { file, args });
    });
  }

  for (const [where, platform, env] of [
    ["over ssh", "linux", { ...DISPLAY, SSH_CONNECTION: "10.0.0.1 22 10.0.0.2 22" }],
    ["over ssh on a Mac", "darwin", { SSH_TTY: "/dev/ttys001" }],
    ["without a display", "linux", {}],
    ["with an empty display", "linux", { DISPLAY: "" }],
  ] as const) {
    it(`is not opened ${where}`, async () => {
      assert.equal(openerFor(ADDRESS, { platform, env }), undefined);
      assert.equal(await openInBrowser(ADDRESS, { platform, env }), false);
    });
  }

  for (const [how, file, args, isOpen] of [
    ["by a program that ends well", "/bin/sh", ["-c", "exit 0"], true],
    ["by a program that becomes the browser", "/bin/sh", ["-c", "exec sleep 3"], true],
    ["by a program that fails", "/bin/sh", ["-c", "exit 3"], false],
    ["by a program that is not there", "/nonexistent/xdg-open", [], false],
  ] as const) {
    it(`is ${isOpen ? "" : "not "}opened ${how}`, async () => {
      assert.equal(await startOpener({ file, args }, { platform: "linux", env: {} }), isOpen);
    });
  }

  it("is not opened by a program that others may change", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "opener-"));
    const file = path.join(folder, "xdg-open");
    fs.writeFileSync(file, "#!/bin/sh\n");
    fs.chmodSync(file, 0o777);
    assert.equal(await startOpener({ file, args: [] }, { platform: "linux", env: {} }), false);
    fs.rmSync(folder, { recursive: true });
  });
});
