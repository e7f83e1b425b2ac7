import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Shells that are not on every machine, and are packages of Debian by the same name. */
const SHELLS = ["zsh", "fish"];

/** Installs the shells that are missing. Rejects where that is not possible: without them nothing is proven. */
export async function haveShells(): Promise<void> {
  const run = promisify(execFile);
  const missing: string[] = [];
  for (const shell of SHELLS) {
    await run(shell, ["--version"]).catch(() => missing.push(shell));
  }
  if (missing.length === 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...words: string[]) =>
    run("apt-get", ["-qq", "-o", "DPkg::Lock::Timeout=120", ...words], { env });
  await apt("install", "--yes", ...missing).catch(async () => {
    await apt("update");
    await apt("install", "--yes", ...missing);
  });
}
