import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { isWsl, openersFor, openInBrowser, startOpener } from "../../../plugin/programs/browser.ts";

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
      assert.deepEqual(openersFor(ADDRESS, { platform, env }), [{ file, args }]);
    });
  }

  for (const [where, platform, env] of [
    ["over ssh", "linux", { ...DISPLAY, SSH_CONNECTION: "10.0.0.1 22 10.0.0.2 22" }],
    ["over ssh on a Mac", "darwin", { SSH_TTY: "/dev/ttys001" }],
    ["without a display", "linux", {}],
    ["with an empty display", "linux", { DISPLAY: "" }],
  ] as const) {
    it(`is not opened ${where}`, async () => {
      assert.deepEqual(openersFor(ADDRESS, { platform, env }), []);
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

  it("is that of Windows in WSL, without a command interpreter", () => {
    const files = (env: object) =>
      openersFor(ADDRESS, { platform: "linux", env: { ...env }, isWsl: true }).map(({ file }) => file);
    const windows = ["/usr/bin/wslview", "/mnt/c/Windows/System32/rundll32.exe"];
    assert.deepEqual(files({}), windows);
    assert.deepEqual(files(DISPLAY), [...windows, "/usr/bin/xdg-open"]);
    assert.deepEqual(files({ SSH_TTY: "/dev/pts/1" }), []);
    assert.equal(isWsl("darwin"), false);
  });

  describe("as BROWSER names it", () => {
    let folder: string;
    before(() => {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), "browsers-"));
      for (const name of ["firefox", "my browser"]) {
        const file = path.join(folder, name);
        fs.writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "$0" "$@" >> '${folder}/told'\n[ "$1" != fail ]\n`);
        fs.chmodSync(file, 0o755);
      }
    });
    after(() => fs.rmSync(folder, { recursive: true }));
    const at = (name: string) => path.join(folder, name);
    const named = (browser: string, more: object = {}) =>
      openersFor(ADDRESS, { platform: "linux", env: { PATH: folder, BROWSER: browser, ...more } });
    const shown = (browser: string) => named(browser).map(({ file, args }) => [path.basename(file), ...args]);

    for (const [what, browser, commands] of [
      ["a program on PATH", "firefox", [["firefox", ADDRESS]]],
      ["a command line", "firefox --new-window %s", [["firefox", "--new-window", ADDRESS]]],
      ["words within words", "firefox '--url=%s' &", [["firefox", `--url=${ADDRESS}`]]],
      ["a path with a blank", "DIR/my browser", [["my browser", ADDRESS]]],
      ["quotes around a path", "'DIR/my browser' %s %s", [["my browser", ADDRESS, ADDRESS]]],
      ["several, of which one is not there", "lynx:firefox", [["firefox", ADDRESS]]],
      ["nothing for a shell to do", "firefox $(id) %s; id", [["firefox", "$(id)", `${ADDRESS};`, "id"]]],
      ["none without a place for the address", "firefox --new-window", []],
      ["none in the current folder", "./firefox", []],
      ["none with a quote left open", "firefox 'x %s", []],
      ["none", "", []],
      ["none between colons", ":: :", []],
    ] as const)
      it(`is ${what}`, () => assert.deepEqual(shown(browser.replace("DIR", folder)), commands));

    it("comes before the system's, and is also run over ssh", () => {
      assert.deepEqual(
        named("firefox", DISPLAY).map(({ file }) => file),
        [at("firefox"), "/usr/bin/xdg-open"],
      );
      assert.equal(named("firefox", { SSH_TTY: "/dev/pts/1" }).length, 1);
    });

    it("is given an address of ours, and if it fails the next one is", async () => {
      const env = { PATH: `${folder}:/usr/bin:/bin`, BROWSER: `firefox fail %s:my browser` };
      assert.equal(await openInBrowser(ADDRESS, { platform: "linux", env }), true);
      const told = fs.readFileSync(at("told"), "utf8").trim().split("\n");
      const [, , first, , second] = told;
      assert.equal(first, second);
      assert.match(second ?? "", /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}$/);
      assert.ok(!told.join("").includes("WDJB-MJHT"));
      const response = await fetch(second ?? "", { redirect: "manual" });
      assert.equal(response.headers.get("location"), ADDRESS);
    });
  });

  it("gets an address of ours in Windows, too, if BROWSER may name a command interpreter", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cmd-"));
    const file = path.join(folder, "cmd.exe");
    fs.writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/told'\n`, { mode: 0o755 });
    const env = { PATH: process.env["PATH"] ?? "", BROWSER: `${folder}/cmd /c start %s` };
    assert.equal(await openInBrowser(ADDRESS, { platform: "win32", env }), true);
    const told = fs.readFileSync(path.join(folder, "told"), "utf8");
    assert.match(told, /^\/c\nstart\nhttp:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\n$/);
    fs.rmSync(folder, { recursive: true });
  });

  it("is not opened by a program that others may change", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "opener-"));
    const file = path.join(folder, "xdg-open");
    fs.writeFileSync(file, "#!/bin/sh\n");
    fs.chmodSync(file, 0o777);
    assert.equal(await startOpener({ file, args: [] }, { platform: "linux", env: {} }), false);
    fs.rmSync(folder, { recursive: true });
  });
});
