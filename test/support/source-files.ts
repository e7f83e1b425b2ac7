/** All kinds of files that determine an AWS identity, and what can happen to them. */
import fs from "node:fs";
import path from "node:path";
import type { Witness } from "../../token/hot/cached-token.ts";
import { runBytes } from "./run-bytes.ts";

/** The home of a person, and their files by kind. */
export interface SourceHome {
  readonly folder: string;
  readonly config: string;
  /** A missing file in an existing folder. */
  readonly credentials: string;
  /** A missing file in a missing folder. */
  readonly elsewhere: string;
  readonly sso: string;
  readonly login: string;
  /** Like one that Kubernetes projects: a link through a link. */
  readonly projected: string;
}

export function sourceHome(folder: string): SourceHome {
  const home = {
    folder,
    config: `${folder}/.aws/config`,
    credentials: `${folder}/.aws/credentials`,
    elsewhere: `${folder}/other/credentials`,
    sso: `${folder}/.aws/sso/cache/0a1b.json`,
    login: `${folder}/.aws/login/cache/2c3d.json`,
    projected: `${folder}/projected/token`,
  };
  put(home.config, "[profile dev]\nsso_session = lab\n");
  put(home.sso, '{"accessToken":"canary-1"}');
  put(home.login, '{"accessToken":{"accessKeyId":"ASIA1"}}');
  put(`${folder}/projected/..1/token`, "canary.token.1");
  put(`${folder}/projected/..2/token`, "canary.token.1");
  fs.symlinkSync("..1", `${folder}/projected/..data`);
  fs.symlinkSync("..data/token", home.projected);
  return home;
}

/** Seconds since 1970. */
const WRITTEN = 1_700_000_000;

function put(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  fs.writeFileSync(file, text, { mode: 0o600 });
  // A whole second, which can be restored exactly.
  fs.utimesSync(file, WRITTEN, WRITTEN);
}

/** All files with their identities, determined without our own code; undefined if one is no plain file. */
export function witnessesOf(home: SourceHome): Witness[] | undefined {
  const files = sourceFiles(home).map((file) => [file, identityOf(file)] as const);
  return files.some(([, identity]) => identity === undefined) ? undefined : (files as Witness[]);
}

export function sourceFiles({ config, credentials, elsewhere, sso, login, projected }: SourceHome): string[] {
  return [config, credentials, elsewhere, sso, login, projected];
}

function identityOf(file: string): string | undefined {
  const facts = fs.statSync(file, { bigint: true, throwIfNoEntry: false });
  if (facts === undefined) return "-";
  const { dev, ino, size, mtimeNs, ctimeNs } = facts;
  return facts.isFile() ? [dev, ino, size, mtimeNs, ctimeNs].join(".") : undefined;
}

/** Older kernels count file times in steps of some milliseconds; a file that young is not trusted. */
export function aTickPasses(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 12);
}

type Kind = "config" | "credentials" | "elsewhere" | "sso" | "login" | "projected";

interface SourceEvent {
  readonly name: string;
  readonly answers: boolean;
  readonly edit: (home: SourceHome) => void;
}

const no = (name: string, edit: SourceEvent["edit"]): SourceEvent => ({ name, answers: false, edit });
const yes = (name: string, edit: SourceEvent["edit"]): SourceEvent => ({ name, answers: true, edit });

/** Other contents of the same size, in place. */
export function changeInPlace(file: string): void {
  const text = fs.readFileSync(file, "latin1");
  const handle = fs.openSync(file, "r+");
  fs.writeSync(
    handle,
    text.replace(/[a-z1]/, (letter) => (letter === "x" ? "y" : "x")),
    0,
    "latin1",
  );
  fs.closeSync(handle);
}

/** Other contents, or the same, in a new file of the same name. */
export function replaceFile(file: string, text = fs.readFileSync(file)): void {
  fs.writeFileSync(`${file}.new`, text, { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}

/** What any program may do to a file that there is. */
function happens(what: string, kind: Kind): SourceEvent[] {
  return [
    no(`${what}, appended to`, (home) => fs.appendFileSync(home[kind], "\n")),
    no(`${what}, written over with as many bytes`, (home) => changeInPlace(home[kind])),
    no(`${what}, written anew with the same bytes`, (home) =>
      fs.writeFileSync(home[kind], fs.readFileSync(home[kind])),
    ),
    no(`${what}, replaced by another with the same bytes`, (home) => replaceFile(home[kind])),
    no(`${what}, removed`, (home) => fs.rmSync(home[kind])),
    no(`${what}, written over, its time put back`, (home) => {
      const { atime, mtime } = fs.statSync(home[kind]);
      changeInPlace(home[kind]);
      fs.utimesSync(home[kind], atime, mtime);
    }),
    no(`${what}, replaced by a folder`, (home) => {
      fs.rmSync(home[kind]);
      fs.mkdirSync(home[kind]);
    }),
    no(`${what}, replaced by a pipe`, (home) => {
      fs.rmSync(home[kind]);
      runBytes(["/usr/bin/mkfifo", "-m", "600", home[kind]]);
    }),
    no(`${what}, replaced by a link to a device`, (home) => {
      fs.rmSync(home[kind]);
      fs.symlinkSync("/dev/zero", home[kind]);
    }),
  ];
}

/** What may appear where there was nothing. */
function appears(what: string, kind: Kind): SourceEvent[] {
  const folder = (home: SourceHome) =>
    fs.mkdirSync(path.dirname(home[kind]), { recursive: true, mode: 0o700 });
  const at = (make: (file: string) => void) => (home: SourceHome) => {
    folder(home);
    make(home[kind]);
  };
  return [
    no(
      `${what}, written`,
      at((file) => fs.writeFileSync(file, "[dev]\n")),
    ),
    no(
      `${what}, written without a byte`,
      at((file) => fs.writeFileSync(file, "")),
    ),
    no(`${what}, made as a folder`, at(fs.mkdirSync)),
    no(
      `${what}, made as a pipe`,
      at((file) => void runBytes(["/usr/bin/mkfifo", file])),
    ),
    no(
      `${what}, made as a loop of links`,
      at((file) => fs.symlinkSync(file, file)),
    ),
    yes(
      `${what}, made as a link to nothing`,
      at((file) => fs.symlinkSync("/nowhere/at/all", file)),
    ),
  ];
}

/** All events, from the moment the token was minted. */
export const SOURCE_EVENTS: readonly SourceEvent[] = [
  ...happens("the config file", "config"),
  ...happens("the token of IAM Identity Center", "sso"),
  ...happens("the file of aws login", "login"),
  ...appears("the missing credentials file", "credentials"),
  ...appears("a missing file in a missing folder", "elsewhere"),
  no("another sign-in, whose token takes the place of the other", (home) =>
    replaceFile(home.sso, Buffer.from('{"accessToken":"canary-2"}')),
  ),
  no("a token that Kubernetes projects anew", ({ folder }) => {
    fs.symlinkSync("..2", `${folder}/projected/..new`);
    fs.renameSync(`${folder}/projected/..new`, `${folder}/projected/..data`);
  }),
  no("a link that leads elsewhere", ({ projected }) => {
    fs.rmSync(projected);
    fs.symlinkSync("..2/token", projected);
  }),
  yes("a link by another way to the same file", ({ projected }) => {
    fs.rmSync(projected);
    fs.symlinkSync("..1/token", projected);
  }),
  yes("a file in place of the folder of a missing one", ({ elsewhere }) =>
    fs.writeFileSync(path.dirname(elsewhere), "x"),
  ),
  yes("a file beside", ({ config }) => fs.writeFileSync(`${config}.bak`, "x")),
  yes("a look at all files", (home) => {
    for (const file of sourceFiles(home)) if (fs.existsSync(file)) fs.readFileSync(file);
  }),
];
