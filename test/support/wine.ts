/** A Windows of its own for a test file, as far as wine 8 is Windows. Source: krew/PACKAGING.md, "Windows". */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

export interface Wine {
  /** A folder for what is run; the prefix is in it. */
  readonly folder: string;
  /** Its drive C:. */
  readonly drive: string;
  /** The user's folder. */
  readonly profile: string;
  /** What a program is started with. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a program to its end. Its output goes to files: Node gets no pipe from wine. */
  run(words: readonly string[], options?: WineRun): Ended;
  stop(): void;
}

interface WineRun {
  /** In addition to what Windows has. wine itself sets HOME, LOCALAPPDATA and the like. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it reads. */
  readonly input?: string;
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Makes a prefix that says it is Windows 10, which Node requires. */
export function startWine(): Wine {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-wine-"));
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    WINEPREFIX: path.join(folder, "wine"),
    WINEDEBUG: "-all",
  };
  // Otherwise it ends some seconds after each program, and the next one waits for it to start.
  spawnSync("wineserver", ["--persistent"], { env });
  const { status, stdout } = spawnSync("wine", ["winecfg", "-v", "win10"], { env, encoding: "utf8" });
  assert.equal(status, 0, stdout);
  const drive = path.join(folder, "wine/drive_c");
  return {
    folder,
    drive,
    profile: path.join(drive, "users", os.userInfo().username),
    env,
    run: (words, { env: more = {}, cwd = folder, input = "" } = {}) => {
      const options = { env: { ...env, ...more }, cwd, input };
      let ended = runOnce(folder, words, options);
      for (let again = 0; again < 3 && WINE_BROKE.test(ended.stderr); again++)
        ended = runOnce(folder, words, options);
      return { ...ended, stderr: withoutWine(ended.stderr) };
    },
    stop: () => {
      spawnSync("wineserver", ["--kill"], { env });
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** wine 8 loses its server in one of some 400 starts on a busy machine, and ends with 1. */
const WINE_BROKE = /^wine client error:/m;

function runOnce(folder: string, words: readonly string[], { env, cwd, input }: Required<WineRun>): Ended {
  const [stdin = "", stdout = "", stderr = ""] = ["stdin", "stdout", "stderr"].map((name) =>
    path.join(folder, name),
  );
  fs.writeFileSync(stdin, input);
  const stdio = [fs.openSync(stdin, "r"), fs.openSync(stdout, "w"), fs.openSync(stderr, "w")];
  const { status } = spawnSync("wine", words, { env, cwd, stdio });
  for (const file of stdio) fs.closeSync(file);
  return { status, stdout: fs.readFileSync(stdout, "utf8"), stderr: fs.readFileSync(stderr, "utf8") };
}

/** What a program wrote, without what wine says of itself. */
export function withoutWine(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/wine32|multiarch|apt-get install|^[0-9a-f]{4}:/.test(line))
    .join("\n");
}
