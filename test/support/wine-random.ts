import fs from "node:fs";
import path from "node:path";
import type { Toolchain } from "../../krew/launcher/toolchain.ts";
import { buildLibrary } from "./webauthn-stand-in.ts";
import type { Wine } from "./wine.ts";

const SOURCE = path.resolve(import.meta.dirname, "../wine/bcryptprimitives.c");

/** Installs the library without which no program in Go starts, and which wine 8 lacks. */
export async function installRandom({ drive }: Wine, toolchain: Toolchain): Promise<void> {
  const library = await buildLibrary(toolchain, fs.readFileSync(SOURCE, "utf8"));
  fs.copyFileSync(library, path.join(drive, "windows/system32/bcryptprimitives.dll"));
}
