import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { nodeHost } from "../../token/node-host.ts";
import { onPosix } from "../support/platform.ts";
import { runCommand } from "../support/run-command.ts";
import { tempFolder } from "../support/temp-folder.ts";

type ProcessParts = Partial<Pick<NodeJS.Process, "argv" | "env" | "platform" | "ppid" | "getuid">>;

function host(parts: ProcessParts = {}) {
  const descriptors = Object.entries(parts).map(([name, value]) => [name, { value }]);
  return nodeHost(Object.create(process, Object.fromEntries(descriptors)) as NodeJS.Process);
}

describe("nodeHost", () => {
  const folder = tempFolder();
  const file = (name: string, text: string | Buffer, mode = 0o600) => {
    const made = path.join(folder(), name);
    fs.writeFileSync(made, text);
    fs.chmodSync(made, mode);
    return made;
  };

  it("gives the words after the program's name, the parent, and the platform", () => {
    const { args, parentId, isWindows } = host({
      argv: ["node", "main.mjs", "a", "b"],
      ppid: 7,
      platform: "win32",
    });
    assert.deepEqual([args, parentId(), isWindows], [["a", "b"], 7, true]);
  });

  it("tells the time in milliseconds", () => {
    const before = Date.now();
    const now = host().now();
    assert.ok(before <= now && now <= Date.now());
  });

  it("knows variables, an empty one as unset, and a home also when HOME is not set", () => {
    const { env } = host({ env: { A: "1", EMPTY: "" } });
    assert.deepEqual(
      [env("A"), env("EMPTY"), env("B"), env("HOME")],
      ["1", undefined, undefined, os.homedir()],
    );
    assert.equal(host({ env: { HOME: "/home/ada" } }).env("HOME"), "/home/ada");
  });

  it("knows no home of a user whom the user database does not know", () => {
    const homedir = () => {
      throw new Error("uv_os_homedir returned ENOENT");
    };
    const getBuiltinModule = () => ({ homedir });
    assert.equal(host({ env: {}, getBuiltinModule } as unknown as ProcessParts).env("HOME"), undefined);
  });

  describe("readFile", () => {
    it("reads a file of ours as private", () => {
      assert.deepEqual(host().readFile(file("a", "text é")), { text: "text é", isPrivate: true });
    });

    for (const mode of [0o640, 0o604, 0o610, 0o602]) {
      onPosix("modes", `says of mode ${mode.toString(8)} that it is not private`, () => {
        assert.deepEqual(host().readFile(file("a", "text", mode)), { text: "text", isPrivate: false });
      });
    }

    onPosix("modes", "says of another user's file that it is not private", () => {
      const uid = (process.getuid?.() ?? 0) + 1;
      assert.deepEqual(host({ getuid: () => uid }).readFile(file("a", "text")), {
        text: "text",
        isPrivate: false,
      });
    });

    it("takes every file on Windows for private, where there are no mode bits", () => {
      const windows = host({ platform: "win32" });
      assert.deepEqual(windows.readFile(file("a", "text", 0o644)), { text: "text", isPrivate: true });
    });

    it("reads 64 KiB and not a byte more", () => {
      const text = "x".repeat(64 * 1024);
      assert.equal(host().readFile(file("a", text))?.text.length, text.length);
      assert.equal(host().readFile(file("b", `${text}x`)), undefined);
    });

    it("finds nothing where there is no file, or a folder, or a loop of links", () => {
      const loop = path.join(folder(), "loop");
      fs.symlinkSync(loop, loop);
      for (const missing of [
        path.join(folder(), "none"),
        folder(),
        loop,
        path.join(folder(), "none", "deeper"),
      ]) {
        assert.equal(host().readFile(missing), undefined);
      }
    });

    it("finds nothing in bytes that are no UTF-8, and keeps a byte order mark", () => {
      for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0x7b, 0xe2, 0x82]]) {
        assert.equal(host().readFile(file("a", Buffer.from(bytes))), undefined);
      }
      assert.equal(host().readFile(file("a", "\ufeffé€𝄞"))?.text, "\ufeffé€𝄞");
    });

    onPosix(
      "modes",
      "finds nothing in a pipe, and does not wait for its writer, nor in a device",
      async () => {
        const pipe = path.join(folder(), "pipe");
        assert.equal((await runCommand(["mkfifo", "-m", "600", pipe], { env: {} })).status, 0);
        assert.equal(host().readFile(pipe), undefined);
        assert.equal(host().readFile("/dev/zero"), undefined);
      },
    );
  });

  describe("identity", () => {
    const { identity } = host();

    it("is what the system tells of a file, in whole nanoseconds", () => {
      const target = file("a", "text");
      fs.utimesSync(target, 1_700_000_000, 1_700_000_000.123456);
      const { dev, ino, size, mtimeNs, ctimeNs } = fs.statSync(target, { bigint: true });
      assert.equal(identity(target), `${dev}.${ino}.${size}.${mtimeNs}.${ctimeNs}`);
    });

    onPosix("modes", "is that of the file behind a link, whatever its owner and mode", () => {
      const target = file("a", "text", 0o644);
      fs.symlinkSync(target, path.join(folder(), "link"));
      assert.equal(identity(path.join(folder(), "link")), identity(target));
      assert.notEqual(identity("/etc/passwd"), undefined);
    });

    it("knows that there is no file, nor what it would be in", () => {
      const dangling = path.join(folder(), "dangling");
      fs.symlinkSync("/nowhere/at/all", dangling);
      for (const missing of [
        path.join(folder(), "none"),
        "/nowhere/at/all",
        path.join(file("a", ""), "b"),
        dangling,
        "",
      ])
        assert.equal(identity(missing), "-", missing);
    });

    onPosix(
      "modes",
      "is none of a folder, a device, a pipe or a loop of links, and waits for nobody",
      async () => {
        const loop = path.join(folder(), "loop");
        fs.symlinkSync(loop, loop);
        const pipe = path.join(folder(), "pipe");
        assert.equal((await runCommand(["mkfifo", "-m", "600", pipe], { env: {} })).status, 0);
        for (const odd of [folder(), "/dev/zero", loop, pipe]) assert.equal(identity(odd), undefined, odd);
      },
    );
  });

  describe("overwriteFile", () => {
    onPosix("modes", "makes a file of mode 0600, and nothing beside it", () => {
      assert.equal(host().overwriteFile(path.join(folder(), "a"), "new é"), true);
      assert.deepEqual(fs.readdirSync(folder()), ["a"]);
      assert.equal(fs.readFileSync(path.join(folder(), "a"), "utf8"), "new é");
      assert.equal(fs.statSync(path.join(folder(), "a")).mode & 0o777, 0o600);
    });

    it("writes over the start of the file that is there, and leaves the rest", () => {
      const target = file("a", "old text");
      const { ino } = fs.statSync(target);
      assert.equal(host().overwriteFile(target, "new"), true);
      assert.deepEqual(fs.readdirSync(folder()), ["a"]);
      assert.equal(fs.readFileSync(target, "utf8"), "new text");
      assert.equal(fs.statSync(target).ino, ino);
    });

    it("reaches those who have the file open", () => {
      const target = file("a", "old");
      const open = fs.openSync(target, "r");
      try {
        assert.equal(host().overwriteFile(target, "new"), true);
        assert.equal(fs.readFileSync(open, "utf8"), "new");
      } finally {
        fs.closeSync(open);
      }
    });

    for (const mode of [0o640, 0o604, 0o610, 0o602]) {
      onPosix("modes", `leaves alone a file of mode ${mode.toString(8)}`, () => {
        const target = file("a", "old", mode);
        assert.equal(host().overwriteFile(target, "new"), false);
        assert.equal(fs.readFileSync(target, "utf8"), "old");
        assert.equal(fs.statSync(target).mode & 0o777, mode);
      });
    }

    onPosix("modes", "leaves alone another user's file", () => {
      const target = file("a", "old");
      const uid = (process.getuid?.() ?? 0) + 1;
      assert.equal(host({ getuid: () => uid }).overwriteFile(target, "new"), false);
      assert.equal(fs.readFileSync(target, "utf8"), "old");
    });

    it("writes every file on Windows, where there are no mode bits", () => {
      const target = file("a", "old", 0o644);
      assert.equal(host({ platform: "win32" }).overwriteFile(target, "new"), true);
      assert.equal(fs.readFileSync(target, "utf8"), "new");
    });

    for (const [what, name] of [
      ["to a file of ours", "target"],
      ["to nothing", "none"],
    ] as const) {
      onPosix("links", `follows no link ${what}`, () => {
        const target = file("target", "old");
        const link = path.join(folder(), "link");
        fs.symlinkSync(path.join(folder(), name), link);
        assert.equal(host().overwriteFile(link, "new"), false);
        assert.deepEqual(fs.readdirSync(folder()), ["link", "target"]);
        assert.equal(fs.readFileSync(target, "utf8"), "old");
      });
    }

    it("makes no folder", () => {
      assert.equal(host().overwriteFile(path.join(folder(), "none", "a"), "new"), false);
      assert.deepEqual(fs.readdirSync(folder()), []);
    });

    it("fails quietly where no file can be, and where a folder is", () => {
      assert.equal(host().overwriteFile(path.join(file("a", "old"), "b"), "new"), false);
      assert.equal(host().overwriteFile(folder(), "new"), false);
      assert.equal(fs.readFileSync(path.join(folder(), "a"), "utf8"), "old");
    });

    onPosix("modes", "neither waits for a pipe's reader nor writes to one", async () => {
      const pipe = path.join(folder(), "pipe");
      assert.equal((await runCommand(["mkfifo", "-m", "600", pipe], { env: {} })).status, 0);
      assert.equal(host().overwriteFile(pipe, "new"), false);
      const reader = fs.openSync(pipe, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
      try {
        assert.equal(host().overwriteFile(pipe, "new"), false);
        assert.equal(fs.readSync(reader, Buffer.alloc(8)), 0);
      } finally {
        fs.closeSync(reader);
      }
    });
  });

  onPosix("pipes", "prints all of a text that no pipe takes at once", async () => {
    const module = path.join(import.meta.dirname, "../../token/node-host.ts");
    const script = `import { nodeHost } from ${JSON.stringify(module)};
      nodeHost(process).print("é".repeat(500_000) + "end");`;
    const { status, stdout } = await runCommand(
      [process.execPath, "--no-warnings", "--input-type=module", "--eval", script],
      { env: {} },
    );
    assert.deepEqual([status, stdout.length, stdout.slice(-4)], [0, 500_003, "éend"]);
  });
});
