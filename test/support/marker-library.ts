import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** A shared library that leaves a file when anything loads it. */
export interface MarkerLibrary {
  readonly file: string;
  /** Whether it has been loaded since the last call. */
  wasLoaded(): boolean;
}

/** Compiles such a library. Needs a C compiler. */
export function markerLibrary(folder: string, name = "evil.so"): MarkerLibrary {
  const file = path.join(folder, name);
  const marker = path.join(folder, `${name}.loaded`);
  const source = `#include <fcntl.h>
    __attribute__((constructor)) static void loaded(void) { open(${JSON.stringify(marker)}, O_CREAT | O_WRONLY, 0600); }`;
  execFileSync("gcc", ["-shared", "-fPIC", "-x", "c", "-o", file, "-"], { input: source });
  return {
    file,
    wasLoaded() {
      const loaded = fs.existsSync(marker);
      fs.rmSync(marker, { force: true });
      return loaded;
    },
  };
}
