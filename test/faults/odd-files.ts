/**
 * FIFO, device, socket, folder, loop and rubbish in the place of each file that the program opens or asks about. Which
 * these are is found out by machine, from a normal run of each command.
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { partOf } from "../support/part.ts";
import type { Bench, TrialHome } from "./bench.ts";
import type { Board } from "./board.ts";
import {
  COMPLETE,
  type Command,
  CREDENTIAL_AWS,
  CREDENTIAL_EKS,
  DOCTOR,
  DOCTOR_EVIDENCE,
  LOGIN,
  LOGIN_AGAIN,
  LOGOUT,
  SETUP_AWS,
  SETUP_EKS,
  STATUS,
  UNDO_AWS,
  UNDO_EKS,
  WHOAMI,
} from "./commands.ts";
import type { NormalRuns } from "./normal-run.ts";
import { inPool } from "./pool.ts";
import { assertBounded, assertExplained } from "./whole-home.ts";

const COMMANDS = [
  ...[LOGIN, LOGIN_AGAIN, LOGOUT, STATUS, SETUP_EKS, SETUP_AWS, UNDO_EKS, UNDO_AWS],
  ...[CREDENTIAL_EKS, CREDENTIAL_AWS, WHOAMI, DOCTOR, DOCTOR_EVIDENCE, COMPLETE],
];

/** Puts something odd at a path where nothing is. */
const KINDS: Readonly<Record<string, (place: string) => void | Promise<void>>> = {
  FIFO: (place) => void execFileSync("mkfifo", [place]),
  "/dev/zero": (place) => fs.symlinkSync("/dev/zero", place),
  "/dev/full": (place) => fs.symlinkSync("/dev/full", place),
  folder: (place) => void fs.mkdirSync(path.join(place, "in", "it"), { recursive: true }),
  socket: putSocket,
  loop: (place) => fs.symlinkSync(path.basename(place), place),
  rubbish: (place) =>
    fs.writeFileSync(place, Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 37) % 256)), {
      mode: 0o600,
    }),
};

/** The path of a socket is short (108 bytes), so it is made elsewhere and moved. */
async function putSocket(place: string): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "vouch-socket-"));
  const server = net.createServer().listen(path.join(folder, "s"));
  await once(server, "listening");
  fs.renameSync(path.join(folder, "s"), place);
  server.close();
  fs.rmSync(folder, { recursive: true });
}

interface OddOptions {
  readonly random: (below: number) => number;
  readonly normalRuns: NormalRuns;
}

/** Each kind at each path, once for one of the commands that use it. */
export async function oddFiles(board: Board, benches: readonly Bench[], options: OddOptions): Promise<void> {
  const { random, normalRuns } = options;
  const used = new Map<Bench, Map<string, UsedPath>>();
  for (const bench of benches) used.set(bench, await usedPaths(bench, normalRuns));
  const [first = new Map<string, UsedPath>()] = used.values();
  // What a command does on one bench only, as waiting for a lock, is left out.
  const everywhere = [...first].filter(([name]) => [...used.values()].every((paths) => paths.has(name)));
  const jobs = everywhere.flatMap(([name, { commands }]) =>
    Object.keys(KINDS).map((kind) => ({ name, kind, command: commands[random(commands.length)] ?? STATUS })),
  );
  await inPool(benches, partOf("odd files", jobs), async (bench, { name, kind, command }) => {
    const { file } = used.get(bench)?.get(name) ?? assert.fail(`no command uses ${name} on this bench`);
    await board.trial(`${kind} in the place of a file`, `${command.name}, ${name}`, async (note) => {
      const home = bench.home(command.home);
      const takeAway = await putOdd(home, file, kind);
      const result = note(await home.run(command));
      takeAway();
      assertBounded(result);
      assertExplained(result);
    });
  });
}

interface UsedPath {
  /** Below the home, or {@link CA_FILE}. */
  readonly file: string;
  readonly commands: Command[];
}

/** The file of authorities, in the folder of the lab. */
const CA_FILE = "ca.pem";

/** The paths that commands use, by their name without what differs between benches. */
async function usedPaths(bench: Bench, normalRuns: NormalRuns): Promise<Map<string, UsedPath>> {
  const used = new Map<string, UsedPath>();
  for (const command of COMMANDS) {
    const { seen } = await normalRuns.of(bench, command);
    for (const place of [...seen.read, ...seen.touched]) {
      const file = path.relative(bench.lab.home, place);
      const isOurs = file !== "" && !file.startsWith("..") && !file.endsWith(".tmp");
      const isAuthority = path.basename(place) === CA_FILE;
      if (!isOurs && !isAuthority) continue;
      const name = isAuthority ? CA_FILE : nameOf(file);
      const entry = used.get(name) ?? { file: isAuthority ? CA_FILE : file, commands: [] };
      used.set(name, entry);
      if (!entry.commands.includes(command)) entry.commands.push(command);
    }
  }
  return used;
}

/** Without identities, ports and hashes. */
function nameOf(file: string): string {
  return file
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID")
    .replaceAll(/[0-9a-f]{8,}/g, "HASH")
    .replaceAll(/%3A\d+(?=\.)/g, "%3APORT");
}

/** Puts it there instead of what was there. The result takes it away where the home does not end with the trial. */
async function putOdd(home: TrialHome, file: string, kind: string): Promise<() => void> {
  const isAuthority = file === CA_FILE;
  const place = path.join(isAuthority ? path.dirname(home.folder) : home.folder, file);
  const before = isAuthority ? fs.readFileSync(place) : undefined;
  fs.rmSync(place, { recursive: true, force: true });
  fs.mkdirSync(path.dirname(place), { recursive: true, mode: 0o700 });
  await KINDS[kind]?.(place);
  return () => {
    if (before === undefined) return;
    fs.rmSync(place, { recursive: true, force: true });
    fs.writeFileSync(place, before, { mode: 0o644 });
  };
}
