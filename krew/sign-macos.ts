import fs from "node:fs";
import path from "node:path";
import { run } from "./run.ts";

/** The crate `apple-codesign`, which can sign for macOS on any system. */
const VERSION = "0.29.0";

/** Our identifier in the signatures. */
export const MACOS_IDENTIFIER = "kubectl-vouch";

/** Signs a file in place, ad hoc: without a certificate. */
export type SignForMacos = (file: string) => Promise<void>;

/** Builds the signer below `cache` the first time, which takes some eleven minutes of processor time; needs cargo. */
export async function macosSigner(cache: string): Promise<SignForMacos> {
  const root = path.join(cache, `rcodesign-${VERSION}`);
  const program = path.join(root, "bin", "rcodesign");
  if (!fs.existsSync(program)) {
    await run(
      "cargo",
      ["install", "apple-codesign", "--version", VERSION, "--locked", "--quiet", "--root", root],
      {
        hint: "Install cargo and a C compiler: https://rustup.rs, `apt-get install gcc`.",
      },
    );
  }
  return async (file) => void (await run(program, ["sign", "--binary-identifier", MACOS_IDENTIFIER, file]));
}
