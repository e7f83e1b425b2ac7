import fs from "node:fs";
import path from "node:path";
import { run } from "./run.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** File name of the manual page. */
export const MANUAL = "kubectl-vouch.1";

/**
 * The text of the manual page, produced by plugin/manual/: for this version, and independent of this machine.
 *
 * @throws ReleaseError if it cannot be produced.
 */
export function makeManual(): Promise<string> {
  const { version, homepage } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
    version: string;
    homepage: string;
  };
  const writer = path.join(ROOT, "plugin/manual/write-manual.ts");
  return run(process.execPath, ["--no-warnings", writer, version, homepage], { cwd: ROOT, env: {} });
}
