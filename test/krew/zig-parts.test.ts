import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { zigParts } from "../../krew/zig-parts.ts";
import { tempFolder } from "../support/temp-folder.ts";

describe("what zig links of its own", () => {
  const folder = tempFolder();
  const write = (files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(folder(), name)), { recursive: true });
      fs.writeFileSync(path.join(folder(), name), text);
    }
  };
  const FILES = {
    LICENSE: "Copyright (c) Zig contributors\n",
    "lib/libtsan/LICENSE.TXT": "The compiler_rt library is dual licensed\n",
    "lib/libc/mingw/COPYING": "ZPL\n",
    "lib/libc/include/any-windows-any/_mingw_mac.h":
      "#define __MINGW64_VERSION_MAJOR 15\n#define __MINGW64_VERSION_MINOR 0\n#define __MINGW64_VERSION_BUGFIX 1\n",
    "lib/libc/musl/COPYRIGHT": "musl as a whole\n",
    "lib/libc/musl/src/internal/version.h": '#define VERSION "1.2.5"\n',
  };

  it("is read with its versions and terms where zig has them", () => {
    write(FILES);
    const { runtime, musl, mingw } = zigParts(folder(), "0.17.1");
    assert.deepEqual(musl, {
      name: "musl",
      version: "1.2.5",
      licence: "MIT",
      source: "https://pypi.org/project/ziglang/0.17.1/",
      text: "musl as a whole\n",
    });
    assert.deepEqual([mingw.name, mingw.version, mingw.text], ["mingw-w64", "15.0.1", "ZPL\n"]);
    assert.deepEqual([runtime.name, runtime.version], ["zig-runtime", "0.17.1"]);
    assert.match(runtime.text, /^Copyright \(c\) Zig contributors\n/);
    assert.match(runtime.text, /\nThe compiler_rt library is dual licensed\n$/);
  });

  it("is refused where a part or its version is not there", () => {
    write({ ...FILES, "lib/libc/musl/src/internal/version.h": "" });
    assert.throws(() => zigParts(folder(), "0.17.1"), /zig 0\.17\.1 does not specify a version of musl/);
    write({ ...FILES, "lib/libc/include/any-windows-any/_mingw_mac.h": "" });
    assert.throws(() => zigParts(folder(), "0.17.1"), /does not specify a version of mingw-w64/);
    write(FILES);
    fs.rmSync(path.join(folder(), "lib/libtsan"), { recursive: true });
    assert.throws(() => zigParts(folder(), "0.17.1"), /ENOENT/);
  });
});
