import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { loadAddon } from "../../../krew/core/load-addon.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const PACKAGES = path.resolve(import.meta.dirname, "../../../node_modules/@napi-rs");

/** The keyring's addon for this machine: it needs the C library and no other. */
function keyringAddon() {
  const [folder = assert.fail("npm brought no keyring for this machine")] = fs
    .readdirSync(PACKAGES)
    .filter((name) => name.startsWith("keyring-"));
  const files = fs.readdirSync(path.join(PACKAGES, folder)).filter((name) => name.endsWith(".node"));
  return fs.readFileSync(path.join(PACKAGES, folder, files[0] ?? ""));
}

describe("loadAddon", () => {
  const folder = tempFolder();
  const { XDG_RUNTIME_DIR, TMPDIR } = process.env;
  const restore = (name: string, value: string | undefined) => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  afterEach(() => {
    restore("XDG_RUNTIME_DIR", XDG_RUNTIME_DIR);
    restore("TMPDIR", TMPDIR);
  });

  /** Lets it look into these folders first and last. */
  const places = (runtime: string, temp = folder()) => {
    process.env["XDG_RUNTIME_DIR"] = runtime;
    process.env["TMPDIR"] = temp;
  };

  onPosix("paths", "gives the addon's functions and leaves no file", () => {
    places(folder());
    const { Entry } = loadAddon(keyringAddon()) as { Entry: unknown };
    assert.equal(typeof Entry, "function");
    assert.deepEqual(fs.readdirSync(folder()), []);
  });

  /** Where the reasons are told one by one: bytes that no loader takes. */
  const refusal = (bytes = Buffer.from("no library")): string => {
    let message = "";
    assert.throws(
      () => loadAddon(bytes),
      (error: Error) => {
        message = error.message;
        return true;
      },
    );
    return message;
  };

  onPosix("paths", "names every place it tried, and leaves no file in any", () => {
    const second = path.join(folder(), "temp");
    fs.mkdirSync(second);
    places(folder(), second);
    const reasons = refusal().split("; ");
    assert.ok(
      reasons.some((reason) => reason.startsWith(`${folder()}: `)),
      reasons.join("\n"),
    );
    assert.ok(
      reasons.some((reason) => reason.startsWith(`${second}: `)),
      reasons.join("\n"),
    );
    assert.deepEqual([fs.readdirSync(folder()), fs.readdirSync(second)], [["temp"], []]);
  });

  it("ignores a relative place", () => {
    places("runtime");
    assert.doesNotMatch(refusal(), /(?:^|; )runtime: /);
  });

  onPosix("paths", "goes on where a folder is missing or is a file", () => {
    const file = path.join(folder(), "file");
    fs.writeFileSync(file, "");
    for (const runtime of [path.join(folder(), "missing"), file]) {
      places(runtime);
      const { Entry } = loadAddon(keyringAddon()) as { Entry: unknown };
      assert.equal(typeof Entry, "function");
    }
    assert.deepEqual(fs.readdirSync(folder()), ["file"]);
  });

  onPosix("paths", "uses no folder in which others could put their file for ours", () => {
    fs.chmodSync(folder(), 0o777);
    places(folder());
    assert.match(refusal(), new RegExp(`^${folder()}: others may change what is in it;`));
    fs.chmodSync(folder(), 0o770);
    assert.match(refusal(), new RegExp(`^${folder()}: others may change what is in it;`));
    fs.chmodSync(folder(), 0o1777);
    assert.doesNotMatch(refusal(), /others may change/);
    fs.chmodSync(folder(), 0o700);
    assert.doesNotMatch(refusal(), /others may change/);
  });

  onPosix("paths", "uses no folder of another user", () => {
    places(folder());
    const { getuid } = process;
    process.getuid = () => fs.statSync(folder()).uid + 1;
    try {
      // Root's own folders are everybody's.
      const isRoots = fs.statSync(folder()).uid === 0;
      assert.equal(/others may change/.test(refusal()), !isRoots);
    } finally {
      Object.assign(process, { getuid });
    }
  });

  onPosix("paths", "loads no half of an addon where the disk is full", () => {
    places(folder());
    const { writeSync } = fs;
    // The system takes the half and says so, and fails only at the next try. Source: write(2).
    let isFull = false;
    fs.writeSync = ((file: number, data: Buffer, offset = 0) => {
      if (isFull)
        throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
      isFull = true;
      return writeSync(file, data, offset, Math.floor(data.length / 2));
    }) as typeof writeSync;
    try {
      assert.match(refusal(keyringAddon()), new RegExp(`^${folder()}: ENOSPC`));
    } finally {
      Object.assign(fs, { writeSync });
    }
  });

  if (process.platform === "linux") {
    it("leaves no descriptor open for what was not loaded", () => {
      places(folder());
      const open = () => fs.readdirSync("/proc/self/fd").length;
      refusal();
      const before = open();
      for (let count = 0; count < 5; count++) refusal();
      assert.equal(open(), before);
    });

    it("loads from a file that never had a name", () => {
      places(folder());
      const loaded = loadAddon(keyringAddon());
      const maps = fs.readFileSync("/proc/self/maps", "utf8");
      assert.match(maps, new RegExp(`${folder()}/#\\d+ \\(deleted\\)`));
      assert.notEqual(loaded, loadAddon(keyringAddon()), "another file, another addon");
    });
  }
});
