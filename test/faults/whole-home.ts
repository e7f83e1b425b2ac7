import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { TrialHome } from "./bench.ts";
import type { WatchedResult } from "./watched-run.ts";

/** A command takes no more memory than this. */
const MOST_MEBIBYTES = 300;

/** What somebody else's files say, and with which mode. */
export interface OthersFiles {
  readonly kubeconfig: string;
  readonly awsConfig: string;
}

/** The bytes and modes of the files that are not ours alone. */
export function othersFiles({ kubeconfig, awsConfig }: TrialHome): OthersFiles {
  return { kubeconfig: shapeOf(kubeconfig), awsConfig: shapeOf(awsConfig) };
}

function shapeOf(file: string): string {
  const status = fs.lstatSync(file, { throwIfNoEntry: false });
  if (status === undefined) return "absent";
  return `mode ${(status.mode & 0o7777).toString(8)}\n${fs.readFileSync(file, "utf8")}`;
}

/** Each file is as before or as afterwards, byte for byte. */
export function assertWhole(home: TrialHome, states: readonly OthersFiles[]): void {
  const now = othersFiles(home);
  for (const name of ["kubeconfig", "awsConfig"] as const) {
    if (states.some((state) => state[name] === now[name])) continue;
    const lines = new Set(states.flatMap((state) => state[name].split("\n")));
    const strange = now[name].split("\n").find((line) => !lines.has(line)) ?? "lines are missing";
    assert.fail(
      `${name} of ${now[name].length} bytes is neither the old nor the new one: ${strange.slice(0, 200)}`,
    );
  }
}

/** It ended by itself, within its memory. */
export function assertBounded({ name, hung, ms, mebibytes }: WatchedResult): void {
  assert.ok(!hung, `${name} was ended after ${(ms / 1000).toFixed(1)} s, with ${mebibytes.toFixed(0)} MiB`);
  assert.ok(mebibytes <= MOST_MEBIBYTES, `${name} took ${mebibytes.toFixed(0)} MiB`);
}

/**
 * With VOUCH_DEBUG: it waited in vain for no lock. It may wait for a while where the process id of a dead holder has just been given
 * to another process.
 */
export function assertUnhindered({ name, stderr }: WatchedResult): void {
  assert.match(stderr, /^debug \+/m);
  const lines = (what: string) => stderr.split("\n").filter((line) => line.includes(what)).length;
  const waits = lines(": another process holds it, waiting");
  assert.ok(waits <= lines(": acquired after "), `${name} waited in vain:\n${stderr}`);
}

/** It worked. */
export function assertWorked(result: WatchedResult): void {
  assert.equal(result.status, 0, `${result.name} ${said(result)}`);
}

/** It worked, or failed in a way that is documented: an error with its code, and never a bug of ours. */
export function assertExplained(result: WatchedResult): void {
  const { name, status, signal, stderr } = result;
  assert.equal(signal, null, `${name} was ended by ${signal}`);
  assert.notEqual(status, 70, `${name} ${said(result)}`);
  assert.ok(status >= 0 && status < 128, `${name} ${said(result)}`);
  if (status === 0 || status === 79 || (status === 2 && name === "status")) return;
  assert.match(
    stderr,
    /^error: [^\0]+ \[[a-z-]+\]$/m,
    `${name} ended with ${status} and no error: ${stderr}`,
  );
}

function said({ status, stdout, stderr }: WatchedResult): string {
  return `ended with ${status} and said: ${`${stdout}${stderr}`.slice(0, 700)}`;
}

/** Names of files that stand for work under way. */
const UNDER_WAY = /\.tmp$|\.lock(\.[0-9a-f]+)?$|^gone-/;

/** What opens something: session, credentials, cached token. Absent: the registration, which outlives a logout. */
const SESSION_SECRET = /"(accessToken|secretAccessKey|sessionToken)"|k8s-aws-v1\./;

/** Nobody is logged in any more: no file holds what a session was, and none of work under way is left. */
export function assertNothingLeft({ folder }: TrialHome): void {
  const files = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => path.join(entry.parentPath, entry.name));
  const left = files.filter((file) => UNDER_WAY.test(path.basename(file)));
  assert.equal(left.join(" "), "", "files of work under way are left");
  const secret = files.filter(
    (file) => fs.statSync(file).isFile() && SESSION_SECRET.test(fs.readFileSync(file, "latin1")),
  );
  assert.equal(secret.join(" "), "", "files with secrets of the session are left");
}
