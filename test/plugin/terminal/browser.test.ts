import assert from "node:assert/strict";
import { openerFor, openInBrowser } from "../../../plugin/terminal/browser.ts";

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

  it("is not opened by a program that is not there", async () => {
    // /usr/bin/open is of macOS; where a Linux has one it is another program, which fails for this address.
    assert.equal(await openInBrowser("no-address", { platform: "darwin", env: {} }), false);
  });
});
