import fs from "node:fs";
import path from "node:path";
import { run } from "./run.ts";

/** The crate `apple-codesign`, which can sign for macOS on any system. */
const VERSION = "0.29.0";

/** Whether a Developer ID will sign what is built here (krew/sign-release.ts), and not an ad-hoc signature. */
export const WILL_HAVE_DEVELOPER_ID = process.env["KUBECTL_VOUCH_DEVELOPER_ID"] === "yes";

/** Our identifier in the signatures. */
export const MACOS_IDENTIFIER = "kubectl-vouch";

/** Signs a file in place, ad hoc: without a certificate. */
export type SignForMacos = (file: string) => Promise<void>;

/** Signs ad hoc. */
export async function macosSigner(cache: string): Promise<SignForMacos> {
  const program = await rcodesign(cache);
  return async (file) => void (await run(program, ["sign", "--binary-identifier", MACOS_IDENTIFIER, file]));
}

/** Apple's files for signing outside macOS. */
export interface DeveloperId {
  /** Certificate and key, as PKCS #12, and the file with its password. */
  readonly certificate: string;
  readonly passwordFile: string;
  /** App Store Connect API key, as `rcodesign encode-app-store-connect-api-key` writes it; undefined: a trial without Apple. */
  readonly apiKey: string | undefined;
}

/** Signs a file in place with a Developer ID, for the hardened runtime. */
type SignAsDeveloper = (file: string, entitlements: string | undefined) => Promise<void>;

/**
 * A signer with a Developer ID, by `rcodesign` at a path, and what submits a folder of programs for notarization and waits for
 * Apple's answer.
 */
export function developerSigner(
  program: string,
  { certificate, passwordFile, apiKey }: DeveloperId,
): { readonly sign: SignAsDeveloper; readonly notarize: (folder: string) => Promise<void> } {
  const trusted =
    apiKey === undefined ? ["--timestamp-url", "none", "--team-name", "TRIAL"] : ["--for-notarization"];
  return {
    async sign(file, entitlements) {
      const words = [
        "--binary-identifier",
        MACOS_IDENTIFIER,
        "--code-signature-flags",
        "runtime",
        ...trusted,
      ];
      words.push("--p12-file", certificate, "--p12-password-file", passwordFile);
      if (entitlements !== undefined) words.push("--entitlements-xml-file", entitlements);
      await run(program, ["sign", ...words, file]);
    },
    async notarize(folder) {
      if (apiKey === undefined) return;
      const submission = path.join(folder, "programs.zip");
      await run("zip", ["--quiet", "--recurse-paths", "--junk-paths", submission, folder], {
        hint: "Install zip: `apt-get install zip`.",
      });
      await run(program, ["notary-submit", "--api-key-file", apiKey, "--wait", submission]);
    },
  };
}

/**
 * Builds the program below `cache` the first time; needs cargo. What submits to Apple doubles the time, with the AWS SDK for Rust, and
 * is left out unless it is asked for.
 */
export async function rcodesign(cache: string, { notarizes = false } = {}): Promise<string> {
  const root = path.join(cache, `rcodesign-${VERSION}${notarizes ? "-notarize" : ""}`);
  const program = path.join(root, "bin", "rcodesign");
  if (!fs.existsSync(program)) {
    const words = ["install", "apple-codesign", "--version", VERSION, "--locked", "--quiet", "--root", root];
    await run("cargo", notarizes ? words : [...words, "--no-default-features"], {
      hint: "Install cargo and a C compiler: https://rustup.rs, `apt-get install gcc`.",
    });
  }
  return program;
}
