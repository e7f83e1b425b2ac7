const fs = process.getBuiltinModule("node:fs");
const os = process.getBuiltinModule("node:os");
const path = process.getBuiltinModule("node:path");
const { createHash } = process.getBuiltinModule("node:crypto");

/** Linux: a file without a name. Node does not export the constant. Source: open(2), asm-generic/fcntl.h. */
const O_TMPFILE = 0o20200000;

/** The sticky bit: in such a folder only its owner can rename or remove a file. */
const S_ISVTX = 0o1000;

/**
 * Loads a native addon from its bytes: on Linux from a file without a name, elsewhere from a private folder. Tries several places
 * in turn, since a folder may be read-only or forbid executing code. Throws an error that names them all.
 */
export function loadAddon(bytes: Buffer): unknown {
  const reasons: string[] = [];
  for (const [folder, load] of waysToLoad()) {
    try {
      refuseFolderOfOthers(folder);
      return load(folder, bytes);
    } catch (error) {
      reasons.push(`${folder}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(reasons.join("; "));
}

type Way = (folder: string, bytes: Buffer) => unknown;

function waysToLoad(): [folder: string, load: Way][] {
  const { env, platform } = process;
  // Where the user database says that the profile is: a library is looked for beside the addon first.
  if (platform === "win32")
    return [[path.join(os.userInfo().homedir, "AppData", "Local", "kubectl-vouch"), keptByHash]];
  const folders = [env["XDG_RUNTIME_DIR"], "/dev/shm", os.tmpdir()].filter(
    (folder): folder is string => folder !== undefined && path.isAbsolute(folder),
  );
  const ways: Way[] = platform === "linux" ? [withoutName, removedAtOnce] : [removedAtOnce];
  return folders.flatMap((folder) => ways.map((way): [string, Way] => [folder, way]));
}

/** XDG_RUNTIME_DIR and TMPDIR may name any folder; in a folder that others may change, they could replace our file. */
function refuseFolderOfOthers(folder: string): void {
  const own = process.getuid?.();
  const facts = fs.statSync(folder, { throwIfNoEntry: false });
  if (own === undefined || facts === undefined) return;
  const isShared = (facts.mode & 0o022) !== 0 && (facts.mode & S_ISVTX) === 0;
  if (isShared || (facts.uid !== own && facts.uid !== 0)) throw new Error("others may change what is in it");
}

/**
 * The descriptor stays open after loading: otherwise the loader would mistake a second library under the same descriptor's path
 * for the first. A library that is incomplete, because the disk is full, would crash the process.
 */
function withoutName(folder: string, bytes: Buffer): unknown {
  const file = fs.openSync(folder, fs.constants.O_RDWR | O_TMPFILE, 0o600);
  try {
    fs.writeFileSync(file, bytes);
    return opened(`/proc/self/fd/${file}`);
  } catch (error) {
    fs.closeSync(file);
    throw error;
  }
}

function removedAtOnce(folder: string, bytes: Buffer): unknown {
  const own = fs.mkdtempSync(path.join(folder, "kubectl-vouch-"));
  try {
    const file = path.join(own, "addon.node");
    fs.writeFileSync(file, bytes, { mode: 0o600, flag: "wx" });
    return opened(file);
  } finally {
    fs.rmSync(own, { recursive: true, force: true });
  }
}

/** Windows does not let a loaded library be removed: it stays in a folder of the user's own, and is compared before each use. */
function keptByHash(folder: string, bytes: Buffer): unknown {
  const own = path.join(folder, "addons");
  const file = path.join(own, `${createHash("sha256").update(bytes).digest("hex")}.node`);
  fs.mkdirSync(own, { recursive: true });
  if (!isSame(file, bytes)) fs.writeFileSync(file, bytes);
  return opened(file);
}

function isSame(file: string, bytes: Buffer): boolean {
  try {
    return fs.statSync(file).size === bytes.length && fs.readFileSync(file).equals(bytes);
  } catch {
    return false;
  }
}

function opened(file: string): unknown {
  const module = { exports: {} };
  process.dlopen(module, file);
  return module.exports;
}
