/** Many random changes of the files that determine an identity, and after each a warm call, which must not be outdated. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { HotWorld } from "./hot-case.ts";
import { randomNumbers } from "./mutations.ts";
import { partOf } from "./part.ts";
import { DEV, keepSourceToken, words } from "./source-cases.ts";
import {
  aTickPasses,
  changeInPlace,
  replaceFile,
  type SourceHome,
  sourceFiles,
  sourceHome,
} from "./source-files.ts";

/** A warm call. */
interface WarmCall {
  readonly args: readonly string[];
  readonly env: { readonly HOME: string };
}

const SEED = Number(process.env["VOUCH_EDITS_SEED"] ?? 20_260_115);

/** Edits of one game. */
export const EDITS = 2500;

/** 20,000 edits, an eighth from each seed. `VOUCH_EDITS_SEED` plays others. */
export const EDIT_SEEDS: readonly number[] = partOf(
  "edits of AWS files",
  Array.from({ length: 8 }, (_, index) => SEED + index),
);

export interface EditGame {
  /** An empty folder. */
  readonly root: string;
  readonly seed: number;
  readonly world: () => HotWorld;
  /** What is printed; undefined if it is left to the full program. */
  readonly call: (call: WarmCall) => Promise<string | undefined>;
}

/**
 * Repeats: a mint, a call that must answer unless something is no plain file, then one to three changes with a call after each.
 * The token shows which contents it was made from.
 */
export async function playEdits({ root, seed, world, call }: EditGame): Promise<void> {
  const random = randomNumbers(seed);
  const home = sourceHome(root);
  const counts = { answered: 0, left: 0 };
  const isCoarse = hasCoarseTimes(root);
  const asked = { args: words(DEV), env: { HOME: home.folder } };
  const answer = async (what: string) => {
    const printed = await call(asked);
    counts[printed === undefined ? "left" : "answered"] += 1;
    if (printed !== undefined) assert.ok(printed.includes(`"${tokenOf(home)}"`), `${what}: ${printed}`);
    return printed;
  };

  for (let edit = 0; edit < EDITS; ) {
    const token = { token: tokenOf(home) };
    keepSourceToken(home, { question: DEV, variables: asked.env, token }, world());
    const isPlain = sourceFiles(home).every((file) => !isFolder(file));
    assert.equal((await answer(`seed ${seed}, mint before edit ${edit}`)) !== undefined, isPlain);
    for (let left = random(3) + 1; left > 0 && edit < EDITS; left -= 1, edit += 1) {
      if (isCoarse) aTickPasses();
      const [what, change] = CHANGES[random(CHANGES.length)] ?? assert.fail();
      change(home, random);
      await answer(`seed ${seed}, edit ${edit}, ${what}`);
    }
  }
  assert.ok(counts.answered > EDITS / 4 && counts.left > EDITS / 2, JSON.stringify(counts));
}

type Random = ReturnType<typeof randomNumbers>;
type Edit = (home: SourceHome, random: Random) => void;

/** Changes one of the files, except that which Kubernetes projects. */
function some(change: (file: string, random: Random) => void): Edit {
  return (home, random) => {
    const files = sourceFiles(home).slice(0, -1);
    const file = files[random(files.length)] ?? "";
    if (isFolder(file)) fs.rmdirSync(file);
    change(file, random);
  };
}

function ofExisting(change: (file: string, random: Random) => void): Edit {
  return some((file, random) => (fs.existsSync(file) ? change(file, random) : write(file, random)));
}

const CHANGES: readonly (readonly [what: string, edit: Edit])[] = [
  ["written", some(write)],
  ["written over with as many bytes", ofExisting(changeInPlace)],
  ["written over with as many bytes", ofExisting(changeInPlace)],
  ["appended to", ofExisting((file) => fs.appendFileSync(file, "x"))],
  ["replaced", ofExisting((file, random) => replaceFile(file, Buffer.from(textOf(random))))],
  ["replaced by the same", ofExisting((file) => replaceFile(file))],
  ["removed", ofExisting((file) => fs.rmSync(file))],
  ["removed and written", ofExisting(writtenAnew)],
  ["a folder in its place", ofExisting(madeFolder)],
  ["written, its time put back", ofExisting(changedWithOldTime)],
  ["only its mode changed", ofExisting((file, random) => fs.chmodSync(file, 0o600 + random(8)))],
  ["projected anew", projectAnew],
  ["the projected one written over", ({ projected }) => changeInPlace(projected)],
];

function textOf(random: Random): string {
  return `text-${"x".repeat(random(3))}-${random(1000)}`;
}

function write(file: string, random: Random): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, textOf(random), { mode: 0o600 });
}

function writtenAnew(file: string, random: Random): void {
  fs.rmSync(file);
  write(file, random);
}

function madeFolder(file: string): void {
  fs.rmSync(file);
  fs.mkdirSync(file);
}

function changedWithOldTime(file: string): void {
  const { atime, mtime } = fs.statSync(file);
  changeInPlace(file);
  fs.utimesSync(file, atime, mtime);
}

function projectAnew({ folder }: SourceHome): void {
  const other = fs.readlinkSync(`${folder}/projected/..data`) === "..1" ? "..2" : "..1";
  fs.symlinkSync(other, `${folder}/projected/..new`);
  fs.renameSync(`${folder}/projected/..new`, `${folder}/projected/..data`);
}

function isFolder(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The token for the contents of all files as they are now. */
function tokenOf(home: SourceHome): string {
  const states = sourceFiles(home).map((file) => {
    if (!fs.existsSync(file)) return null;
    return isFolder(file) ? [] : fs.readFileSync(file, "utf8");
  });
  return `k8s-aws-v1.${createHash("sha256").update(JSON.stringify(states)).digest("base64url")}`;
}

/** Whether two changes within a moment can get the same time, as before Linux 6.13. */
function hasCoarseTimes(folder: string): boolean {
  const file = path.join(folder, "times");
  const times = Array.from({ length: 50 }, () => {
    fs.writeFileSync(file, "x");
    return fs.statSync(file, { bigint: true }).ctimeNs;
  });
  return new Set(times).size < times.length;
}
