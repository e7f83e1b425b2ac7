/** By mocha's `require`, in every process of tests, before anything else. */
import fs from "node:fs";
import os from "node:os";

/**
 * A worker whose tests have ended writes its coverage as it exits; mocha sends SIGTERM after a second, which on a busy machine is
 * too early.
 */
if (process.env["NODE_V8_COVERAGE"] !== undefined && process.connected)
  process.on("SIGTERM", () => undefined);

/** Linux keeps this folder in memory; in a container it may have 64 MB only. */
const MEMORY = "/dev/shm";
const ENOUGH_BYTES = 2 ** 30;

/**
 * Temporary files are in memory where the machine allows it: a sixth of the tests' time is the disk's. A release is tested where
 * people have their files.
 */
const { TMPDIR, KUBECTL_VOUCH_RELEASE } = process.env;
if (TMPDIR === undefined && KUBECTL_VOUCH_RELEASE === undefined && isUsable(MEMORY))
  process.env["TMPDIR"] = MEMORY;

/** macOS has the folder behind a link, and Windows can name it in short: programs that are tested find another name for it. */
if (process.platform === "darwin" || process.platform === "win32") {
  const real = fs.realpathSync.native(os.tmpdir());
  for (const name of ["TMPDIR", "TEMP", "TMP"]) process.env[name] = real;
}

function isUsable(folder: string): boolean {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    const { bsize, bavail } = fs.statfsSync(folder);
    const mounts = fs.readFileSync("/proc/self/mounts", "utf8").split("\n");
    const options = mounts.map((line) => line.split(" ")).findLast(([, place]) => place === folder)?.[3];
    return bsize * bavail >= ENOUGH_BYTES && options?.split(",").includes("noexec") === false;
  } catch {
    return false;
  }
}
