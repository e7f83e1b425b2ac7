import assert from "node:assert/strict";
import path from "node:path";
import { runCommand } from "../support/run-command.ts";
import { SHIPPED_VERSION } from "../support/shipped-files.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Packs the npm package as a release does; the path of the tarball. */
export async function packNpmTarball(): Promise<string> {
  const { status, stdout, stderr } = await runCommand(["npm", "run", "pack"], {
    cwd: ROOT,
    env: process.env as Record<string, string>,
  });
  assert.equal(status, 0, stdout + stderr);
  return path.join(ROOT, `dist/kubectl-vouch-${SHIPPED_VERSION}.tgz`);
}

/** What npm needs from this machine to reach the registry. */
export function registryEnvironment(): Record<string, string> {
  const all = Object.entries(process.env as Record<string, string>);
  return Object.fromEntries(all.filter(([name]) => /^npm_config_registry$|proxy$|CERT/i.test(name)));
}
