/** What zig itself links into the launchers and the helper: no package manager knows it, and its terms are in zig's folder. */
import fs from "node:fs";
import path from "node:path";
import type { Notice } from "./notices.ts";
import type { ForeignComponent } from "./sbom.ts";

/** A part by others with its terms, for the notices and for the bill of materials. */
type ForeignPart = ForeignComponent & Notice;

export interface ZigParts {
  /** Arithmetic for which a processor has no instruction, and zig's own parts of a C library. In every launcher, and in the helper for Windows. */
  readonly runtime: ForeignPart;
  /** The C library of the launchers for Linux. */
  readonly musl: ForeignPart;
  /** What starts a program for Windows. */
  readonly mingw: ForeignPart;
}

/** Reads them from the folder of Python's package `ziglang`. */
export function zigParts(folder: string, zigVersion: string): ZigParts {
  const read = (file: string) => fs.readFileSync(path.join(folder, file), "utf8");
  const source = `https://pypi.org/project/ziglang/${zigVersion}/`;
  const versionFile = "lib/libc/musl/src/internal/version.h";
  const musl = /"(\d+\.\d+\.\d+)"/.exec(read(versionFile))?.[1];
  if (musl === undefined)
    throw new Error(`${versionFile} of zig ${zigVersion} does not specify a version of musl`);
  const macros = read("lib/libc/include/any-windows-any/_mingw_mac.h");
  const mingw = [...macros.matchAll(/^#define __MINGW64_VERSION_(?:MAJOR|MINOR|BUGFIX) (\d+)$/gm)];
  if (mingw.length !== 3) throw new Error(`zig ${zigVersion} does not specify a version of mingw-w64`);
  return {
    runtime: {
      name: "zig-runtime",
      version: zigVersion,
      licence: "MIT",
      source,
      // zig has compiler-rt's own terms only with the one part of it that is in C++.
      text: `${read("LICENSE")}\nIt has parts that come from LLVM's compiler-rt, under these terms:\n\n${read("lib/libtsan/LICENSE.TXT")}`,
    },
    mingw: {
      name: "mingw-w64",
      version: mingw.map(([, number]) => number).join("."),
      licence: "ZPL-2.1",
      source,
      text: read("lib/libc/mingw/COPYING"),
    },
    musl: { name: "musl", version: musl, licence: "MIT", source, text: read("lib/libc/musl/COPYRIGHT") },
  };
}
