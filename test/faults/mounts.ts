import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const MARK = "FAULTS_HAVE_OWN_MOUNTS";

/**
 * Runs this program once more in a mount namespace of its own, and ends with its status: whatever is mounted in there is
 * gone with it, also when it is killed. Returns in there.
 */
export function enterOwnMounts(): void {
  if (process.env[MARK] === "yes") {
    giveEmptyHomes();
    return;
  }
  if (process.getuid?.() !== 0) {
    process.stderr.write(
      "The fault suite mounts file systems and runs commands as another user: run it as root.\n",
    );
    process.exit(1);
  }
  const command = ["--mount", "--fork", "--kill-child=SIGTERM", process.execPath, ...process.argv.slice(1)];
  const { status, error } = spawnSync("unshare", command, {
    stdio: "inherit",
    env: { ...process.env, [MARK]: "yes" },
  });
  if (error !== undefined) throw error;
  process.exit(status ?? 1);
}

/** In the user database everybody's home is a new, empty folder: the program believes what it finds in the real one. */
function giveEmptyHomes(): void {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "vouch-database-"));
  process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
  fs.chmodSync(folder, 0o755);
  const users = fs.readFileSync("/etc/passwd", "utf8").trimEnd().split("\n");
  const moved = users.map((line) => line.split(":").with(5, path.join(folder, "home")).join(":"));
  fs.mkdirSync(path.join(folder, "home"), { mode: 0o755 });
  fs.writeFileSync(path.join(folder, "passwd"), `${moved.join("\n")}\n`, { mode: 0o644 });
  execFileSync("mount", ["--bind", path.join(folder, "passwd"), "/etc/passwd"]);
}

/** A file system in memory, of one size, that can be filled and made read-only. */
export interface SmallDisk {
  readonly folder: string;
  /** Leaves so many free pages; or, with pages for all, so many files that can still be made. */
  fill(left: { readonly pages: number } | { readonly files: number }): void;
  setReadOnly(isReadOnly: boolean): void;
  /** As much room as at first. */
  free(): void;
  unmount(): void;
}

const SIZE = "8m";
const FILES = 400;

/** Mounts one; what was mounted there is gone. */
export function smallDisk(folder: string): SmallDisk {
  fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE},nr_inodes=${FILES},mode=755`, "faults", folder]);
  const filling = path.join(folder, "filling");
  const remount = (options: string) => execFileSync("mount", ["-o", `remount,${options}`, folder]);
  return {
    folder,
    fill(left) {
      const { bavail, bsize, ffree } = fs.statfsSync(folder);
      fs.mkdirSync(filling);
      if ("files" in left) {
        for (let n = ffree - 1; n > left.files; n -= 1) fs.writeFileSync(path.join(filling, String(n)), "");
        return;
      }
      fs.writeFileSync(path.join(filling, "bytes"), Buffer.alloc((bavail - left.pages) * bsize));
    },
    setReadOnly: (isReadOnly) => void remount(isReadOnly ? "ro" : "rw"),
    free() {
      remount("rw");
      fs.rmSync(filling, { recursive: true, force: true });
    },
    unmount: () => unmount(folder),
  };
}

export function unmount(folder: string): void {
  execFileSync("umount", [folder]);
}

/** Shows a folder at another place. */
export function bind(folder: string, place: string): void {
  fs.mkdirSync(place, { recursive: true, mode: 0o755 });
  execFileSync("mount", ["--bind", folder, place]);
}
