/** Builds vouch-webauthn.exe, which calls Windows' webauthn.dll: the C files in this folder. */
import fs from "node:fs";
import path from "node:path";
import { withChecksum } from "../binary/pe.ts";
import type { Toolchain } from "../launcher/toolchain.ts";

/** Its name in the archives, where it is beside the core. */
export const WEBAUTHN_HELPER = "vouch-webauthn.exe";

const SOURCES = ["main.c", "message.c"];
const HEADERS = ["message.h", "options.h"];
const FLAGS = ["-Os", "-s", "-Wall", "-Wextra", "-Werror", "-fstack-protector-strong", "-luser32"];

/** The program for one of zig's Windows targets. All paths in the build are relative to `work`, so that it is reproducible. */
export async function makeWebauthnHelper(
  { cc }: Pick<Toolchain, "cc">,
  { target, work }: { readonly target: string; readonly work: string },
): Promise<Buffer> {
  fs.mkdirSync(work, { recursive: true });
  for (const name of [...SOURCES, ...HEADERS])
    fs.copyFileSync(path.join(import.meta.dirname, name), path.join(work, name));
  await cc(["-target", target, ...FLAGS, "-o", WEBAUTHN_HELPER, ...SOURCES], work);
  return withChecksum(fs.readFileSync(path.join(work, WEBAUTHN_HELPER)));
}
