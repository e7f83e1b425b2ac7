import type { Platform } from "../platforms.ts";
import { MACOS_IDENTIFIER } from "../sign-macos.ts";
import { elfProblems } from "./elf.ts";
import { machoProblems } from "./macho.ts";
import type { Made } from "./made.ts";
import { peProblems } from "./pe.ts";

/** Why an executable is unfit for its platform, in words; empty if it is fine. */
export function binaryProblems({ os, arch }: Platform, kind: Made["kind"], file: Buffer): string[] {
  switch (os) {
    case "linux":
      return elfProblems(file, { arch, kind });
    case "darwin":
      return machoProblems(file, { arch, kind, identifier: MACOS_IDENTIFIER });
    case "windows":
      return peProblems(file, { arch, kind });
  }
}
