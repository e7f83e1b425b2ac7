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

/** A signer with a Developer ID, and what submits a zip for notarization and waits for Apple's answer. */
export async function developerSigner(
  cache: string,
  { certificate, passwordFile, apiKey }: DeveloperId,
): Promise<{ readonly sign: SignAsDeveloper; readonly notarize: (zip: string) => Promise<void> }> {
  const program = await rcodesign(cache);
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
    async notarize(zip) {
      if (apiKey !== undefined)
        await run(program, ["notary-submit", "--api-key-file", apiKey, "--wait", zip]);
    },
  };
}

/** Builds the program below `cache` the first time, which takes some eleven minutes of processor time; needs cargo. */
export async function rcodesign(cache: string): Promise<string> {
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
  return program;
}
