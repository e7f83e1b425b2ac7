import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { bundle } from "../../krew/bundle.ts";

let bundled: Promise<string> | undefined;

/** Bundles the lab's entry once for this process; the path of the program. Removed when the process ends. */
function labBundle(): Promise<string> {
  bundled ??= (async () => {
    const outdir = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-lab-entry-"));
    process.on("exit", () => fs.rmSync(outdir, { recursive: true, force: true }));
    await bundle({ entry: "test/lab/entry.ts", core: "test/lab/lab-app.ts", outdir });
    return path.join(outdir, "kubectl-vouch.mjs");
  })();
  return bundled;
}

/**
 * Puts `kubectl-vouch` into a folder: the lab's entry, with its software key, on the Node of these tests. `exec` keeps
 * the process: its parent is kubectl, as with the program that ships.
 */
export async function installLabProgram(binFolder: string, keyStateFile: string): Promise<void> {
  writeProgram(
    path.join(binFolder, "kubectl-vouch"),
    `LAB_KEY_STATE='${keyStateFile}' exec '${process.execPath}' -- '${await labBundle()}' "$@"`,
  );
}

/** Puts the bundle that ships into a folder, as `npm link` would. */
export function installBuiltProgram(binFolder: string): void {
  const program = path.resolve(import.meta.dirname, "..", "..", "dist", "kubectl-vouch.mjs");
  writeProgram(path.join(binFolder, "kubectl-vouch"), `exec '${process.execPath}' -- '${program}' "$@"`);
}

function writeProgram(file: string, command: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `#!/bin/sh\n${command}\n`, { mode: 0o755 });
}
