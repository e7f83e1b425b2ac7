import type { Host, SmallFile } from "./hot/host.ts";

/** Not by `import`: for that Node builds a module of its own around it, which costs the warm path a tenth. */
const fs = process.getBuiltinModule("node:fs");

/** Largest file the hot path reads, in bytes; a token has at most 4096. */
const MAX_FILE_BYTES = 64 * 1024;

/** The hot path's host on Node: the npm package, the core, and tests. All synchronous. */
export function nodeHost(program: NodeJS.Process): Host {
  const isWindows = program.platform === "win32";
  return {
    args: program.argv.slice(2),
    isWindows,
    env: (name) => program.env[name] || (name === "HOME" ? homeDir(program) : undefined),
    now: Date.now,
    parentId: () => program.ppid,
    readFile: (path) => readSmallFile(path, isWindows ? undefined : program.getuid?.()),
    replaceFile: (path, text) => replaceSmallFile(path, text, program.pid),
    print: (text) => printAll(text),
  };
}

/**
 * Asked for only where HOME is not set: loading `node:os` costs the warm path a twentieth. Undefined for a user without
 * an entry in the user database, as in some containers.
 */
function homeDir(program: NodeJS.Process): string | undefined {
  try {
    return program.getBuiltinModule("node:os").homedir();
  } catch {
    return undefined;
  }
}

/** Without an owner's id, on Windows, every file counts as private: its folders are the user's own. */
function readSmallFile(path: string, ownerId: number | undefined): SmallFile | undefined {
  let file: number | undefined;
  try {
    file = fs.openSync(path, "r");
    const { size, mode, uid } = fs.fstatSync(file);
    if (size > MAX_FILE_BYTES) return undefined;
    const isPrivate = ownerId === undefined || (uid === ownerId && (mode & 0o077) === 0);
    return { text: fs.readFileSync(file, "utf8"), isPrivate };
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

function replaceSmallFile(path: string, text: string, processId: number): boolean {
  const temporary = `${path}.${processId}.tmp`;
  try {
    fs.writeFileSync(temporary, text, { mode: 0o600, flag: "wx" });
    fs.renameSync(temporary, path);
    return true;
  } catch {
    removeQuietly(temporary);
    return false;
  }
}

/** Where no file can be, as below a file, removing throws too. */
function removeQuietly(path: string): void {
  try {
    fs.rmSync(path, { force: true });
  } catch {
    return;
  }
}

/** Writes to standard output at once, also to a pipe that takes only a part at a time. That nobody reads is no failure. */
function printAll(text: string): void {
  let rest = text;
  while (rest !== "") {
    try {
      const written = fs.writeSync(1, rest);
      rest = written === rest.length ? "" : Buffer.from(rest).subarray(written).toString();
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") continue;
      if (["EPIPE", "EBADF"].includes(code)) return;
      throw error;
    }
  }
}
