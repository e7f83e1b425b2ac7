/**
 * Nothing can be written, or not all of it: a full disk, a limit in the middle of a write, a read-only file system,
 * folders of mode 0555 of an ordinary user, too few file handles. The command says so; then there is room again, and it works.
 */

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { partOf } from "../support/part.ts";
import type { Bench, TrialHome, TrialOptions } from "./bench.ts";
import type { Board, Note } from "./board.ts";
import {
  type Command,
  CREDENTIAL_AWS,
  CREDENTIAL_EKS,
  DOCTOR,
  LOGIN,
  LOGIN_AGAIN,
  LOGOUT,
  ROOT,
  SETUP_AWS,
  SETUP_EKS,
  STATUS,
  UNDO_AWS,
  UNDO_EKS,
} from "./commands.ts";
import { bind, type SmallDisk, smallDisk, unmount } from "./mounts.ts";
import type { NormalRun, NormalRuns } from "./normal-run.ts";
import { draw, inPool } from "./pool.ts";
import { logOutCleanly, workAgain } from "./recovery.ts";
import { assertBounded, assertExplained, assertWhole, type OthersFiles } from "./whole-home.ts";

const WRITERS = [
  ...[LOGIN, LOGIN_AGAIN, LOGOUT, SETUP_EKS, SETUP_AWS, UNDO_EKS, UNDO_AWS],
  ...[CREDENTIAL_EKS, CREDENTIAL_AWS],
];

/** Largest file that a limited process may write, in bytes: from nothing to more than any file of the homes has. */
const MAX_FILE_BYTES = 30_000;

/** The state of the lab's security key, which a login writes too, is smaller than this, in bytes. */
const KEY_BYTES = 1000;

/** User without rights of any kind. Source: Debian and its kin, `nobody`. */
const NOBODY = 65_534;

/** What hinders a command, and what takes the hindrance away again. */
interface Hindrance {
  readonly injection: string;
  readonly what: string;
  readonly command: Command;
  readonly isOnDisk?: boolean;
  readonly options?: TrialOptions;
  hinder?(home: TrialHome, disk: SmallDisk): void;
  relieve?(home: TrialHome, disk: SmallDisk): void;
}

interface HinderOptions {
  readonly random: (below: number) => number;
  readonly normalRuns: NormalRuns;
}

/** Hinders every command that writes, in every way. */
export async function hinderWrites(
  board: Board,
  benches: readonly Bench[],
  options: HinderOptions,
): Promise<void> {
  const { random, normalRuns } = options;
  const root = path.join(path.dirname(benches[0]?.lab.home ?? ""), "repository");
  bind(ROOT, root);
  const jobs = [
    ...fullDisks(random),
    ...writeLimits(random),
    ...readOnly(),
    ...foreignModes(root, random),
    ...fewHandles(random),
  ];
  const disks = new Map(
    benches.map((bench) => [bench, smallDisk(path.join(path.dirname(bench.lab.home), "disk"))]),
  );
  try {
    await inPool(benches, partOf("hindered writes", jobs), async (bench, hindrance) => {
      const { injection, what, command, isOnDisk = false } = hindrance;
      const normal = await normalRuns.of(bench, command);
      const disk = disks.get(bench) ?? assert.fail("each bench has its disk");
      const home = bench.home(command.home, isOnDisk ? { under: disk.folder } : {});
      await board.trial(injection, `${command.name}, ${what}`, (note) =>
        hinderOnce({ home, disk, hindrance, normal, note }),
      );
      disk.free();
    });
  } finally {
    for (const disk of disks.values()) disk.unmount();
    unmount(root);
  }
}

interface Trial {
  readonly home: TrialHome;
  readonly disk: SmallDisk;
  readonly hindrance: Hindrance;
  readonly normal: NormalRun;
  readonly note: Note;
}

async function hinderOnce({ home, disk, hindrance, normal, note }: Trial): Promise<void> {
  const { command, options = {}, hinder, relieve } = hindrance;
  const whole: OthersFiles[] = [normal.before, normal.after];
  hinder?.(home, disk);
  const hindered = note(await home.run(command, options));
  relieve?.(home, disk);
  assertBounded(hindered);
  assertExplained(hindered);
  assertWhole(home, whole);
  if (![STATUS, DOCTOR].includes(command)) {
    await workAgain(home, command, note);
    assertWhole(home, [normal.after]);
  }
  await logOutCleanly(home, note);
}

function fullDisks(random: (below: number) => number): Hindrance[] {
  return WRITERS.flatMap((command) => {
    const pages = [0, 1, 2 + random(2), 4 + random(10)].map((left) => ({
      what: `${left} pages left`,
      left: { pages: left },
    }));
    const files = [0, 1 + random(4)].map((left) => ({
      what: `${left} files left`,
      left: { files: left },
    }));
    return [...pages, ...files].map(
      ({ what, left }): Hindrance => ({
        injection: "files" in left ? "disk without inodes" : "full disk",
        what,
        command,
        isOnDisk: true,
        hinder: (_home, disk) => disk.fill(left),
        relieve: (_home, disk) => disk.free(),
      }),
    );
  });
}

/** The kernel takes the first bytes of a write and refuses the rest, as a disk that fills up. */
function writeLimits(random: (below: number) => number): Hindrance[] {
  return WRITERS.flatMap((command) =>
    [0, random(1500), random(3000), random(MAX_FILE_BYTES)]
      .map((bytes) => bytes + (command.isLogin ? KEY_BYTES : 0))
      .map(
        (bytes): Hindrance => ({
          injection: "write cut in the middle",
          what: `after ${bytes} bytes`,
          command,
          options: { prefix: ["prlimit", `--fsize=${bytes}`] },
        }),
      ),
  );
}

function readOnly(): Hindrance[] {
  return [...WRITERS, STATUS, DOCTOR].map((command) => ({
    injection: "read-only file system",
    what: "all of the home",
    command,
    isOnDisk: true,
    hinder: (_home, disk) => disk.setReadOnly(true),
    relieve: (_home, disk) => disk.setReadOnly(false),
  }));
}

const FOLDERS = {
  "all of the home": ({ folder }: TrialHome) => folder,
  "the state folder": ({ state }: TrialHome) => state,
  "the folder of keys": ({ keys }: TrialHome) => keys,
  "the folder of the kubeconfig": ({ kubeconfig }: TrialHome) => path.dirname(kubeconfig),
  "the folder of the AWS config": ({ awsConfig }: TrialHome) => path.dirname(awsConfig),
};

/** As an ordinary user: modes bind no root. */
function foreignModes(root: string, random: (below: number) => number): Hindrance[] {
  return [...WRITERS, STATUS, DOCTOR].flatMap((command) =>
    draw(Object.entries(FOLDERS), 3, random).map(
      ([what, folderOf]): Hindrance => ({
        injection: "folders of mode 0555",
        what,
        command,
        options: { userId: NOBODY, root, cwd: "/" },
        hinder(home) {
          execFileSync("chown", ["-R", `${NOBODY}:${NOBODY}`, home.folder]);
          setFolderModes(folderOf(home), 0o555);
        },
        relieve(home) {
          execFileSync("chown", ["-R", "0:0", home.folder]);
          setFolderModes(folderOf(home), 0o700);
        },
      }),
    ),
  );
}

function setFolderModes(folder: string, mode: number): void {
  if (!fs.existsSync(folder)) return;
  const below = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const entry of below)
    if (entry.isDirectory()) fs.chmodSync(path.join(entry.parentPath, entry.name), mode);
  fs.chmodSync(folder, mode);
}

/** From the fewest handles with which Node itself starts a program of one file. */
function fewHandles(random: (below: number) => number): Hindrance[] {
  const fewest = fewestHandles();
  return [...WRITERS, STATUS, DOCTOR].flatMap((command) =>
    [0, 1, 2 + random(6)].map(
      (more): Hindrance => ({
        injection: "few file handles",
        what: `${fewest + more} of them`,
        command,
        options: { prefix: ["prlimit", `--nofile=${fewest + more}`] },
      }),
    ),
  );
}

function fewestHandles(): number {
  const program = path.join(import.meta.dirname, "hook.ts");
  for (let handles = 8; handles < 200; handles += 1) {
    const { status } = spawnSync("prlimit", [`--nofile=${handles}`, process.execPath, program], {
      stdio: "ignore",
    });
    if (status === 0) return handles;
  }
  return assert.fail("Node does not start with 200 handles");
}
