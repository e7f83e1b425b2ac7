import fs from "node:fs";
import path from "node:path";
import { bundle } from "../../krew/bundle.ts";
import { releaseFolder, shippedFiles } from "../support/shipped-files.ts";

/** Native addons are no part of a bundle: it finds them from here. */
const BUNDLES = path.resolve(import.meta.dirname, "..", "..", "node_modules", ".cache");

let bundled: Promise<string> | undefined;

/** Who starts several processes of tests tells them by this variable which bundle they share. */
export const SHARED_BUNDLE = "KUBECTL_VOUCH_LAB_BUNDLE";

/** Bundles the lab's entry once for this process; the path of the program. Removed when the process ends. */
export function labBundle(): Promise<string> {
  bundled ??= (async () => {
    const shared = process.env[SHARED_BUNDLE];
    if (shared !== undefined) return shared;
    fs.mkdirSync(BUNDLES, { recursive: true });
    const outdir = fs.mkdtempSync(path.join(BUNDLES, "kubectl-vouch-lab-entry-"));
    process.on("exit", () => fs.rmSync(outdir, { recursive: true, force: true }));
    await bundle({ entry: "test/lab/entry.ts", core: "test/lab/lab-app.ts", outdir });
    return path.join(outdir, "kubectl-vouch.mjs");
  })();
  return bundled;
}

/**
 * Puts `kubectl-vouch` into a folder: the lab's entry, with its software key, on the Node of these tests, which compiles it once,
 * as the core that ships is compiled. `exec` keeps the process: its parent is kubectl, as with the program that ships. When a
 * release is tested, the lab's entry does what a key is needed for, and the shipped files all else.
 */
export async function installLabProgram(
  binFolder: string,
  { keyStateFile, home }: { readonly keyStateFile: string; readonly home: string },
): Promise<void> {
  const bundleFile = await labBundle();
  const compiled = path.join(path.dirname(bundleFile), "compiled");
  const lab = `NODE_COMPILE_CACHE='${compiled}' LAB_KEY_STATE='${keyStateFile}' LAB_DATABASE_HOME='${home}' exec '${process.execPath}' -- '${bundleFile}' "$@"`;
  const release = releaseFolder();
  const command =
    release === undefined
      ? lab
      : `case "$1" in login | enroll | keys) ${lab};; esac\nexec '${path.join(shippedFiles(release), "kubectl-vouch")}' "$@"`;
  writeProgram(path.join(binFolder, "kubectl-vouch"), command);
}

/** Puts what ships into a folder: the bundle, as `npm link` would, or the files of the release that is tested. */
export function installBuiltProgram(binFolder: string): void {
  const release = releaseFolder();
  const program = path.resolve(import.meta.dirname, "..", "..", "dist", "kubectl-vouch.mjs");
  const command =
    release === undefined
      ? `exec '${process.execPath}' -- '${program}' "$@"`
      : `exec '${path.join(shippedFiles(release), "kubectl-vouch")}' "$@"`;
  writeProgram(path.join(binFolder, "kubectl-vouch"), command);
}

function writeProgram(file: string, command: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `#!/bin/sh\n${command}\n`, { mode: 0o755 });
}
