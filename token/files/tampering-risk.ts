import fs from "node:fs";
import path from "node:path";
import { type Run, run } from "../command/command.ts";
import { showOwner } from "../command/tasks.ts";
import { codeOf } from "../errors/errors.ts";
import { LINK_LOOP, MAX_LINKS, whyFailed } from "./file-errors.ts";

/** How others could replace a file, or why the file cannot be checked. */
export interface TamperingRisk {
  /** A clause that continues a sentence: `/tmp/x belongs to user 12`. */
  readonly why: string;
  /** The command that corrects it. */
  readonly command?: Run;
}

/** The macOS groups of root and of those who may become root; Homebrew lets the latter write to its folders. */
const MACOS_ROOTS = [0, 80];

/**
 * Checks a file by its absolute path, every folder on that path, and every symbolic link there with the folders that it leads
 * through. All of them must belong to this user or root, and no one else may write to them; except that in
 * a folder with the sticky bit others can change only what is theirs, and that on macOS administrators may write to folders.
 * On Linux no group may, not even the user's own: the bits of the group are also those of an access control list. The lists of
 * macOS are not read. Undefined if all of this holds; Windows has no such bits.
 */
export function tamperingRisk(file: string, ownerId = process.getuid?.()): TamperingRisk | undefined {
  if (ownerId === undefined) return undefined;
  try {
    return placesTo(file)
      .map((place) => fault(place, ownerId))
      .find((found) => found !== undefined);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { why: `${file} does not exist` };
    return { why: `${file} cannot be checked: ${whyFailed(error)}` };
  }
}

interface Place {
  readonly path: string;
  readonly facts: fs.Stats;
}

/** Every folder and link on the path, and the file itself. */
function placesTo(file: string): Place[] {
  const { root } = path.parse(file);
  const places: Place[] = [{ path: root, facts: fs.lstatSync(root) }];
  const left = file.slice(root.length).split(path.sep);
  let folder = root;
  for (let links = 0; left.length > 0; ) {
    const here = path.join(folder, left.shift() ?? "");
    const facts = fs.lstatSync(here);
    places.push({ path: here, facts });
    if (!facts.isSymbolicLink()) {
      folder = here;
      continue;
    }
    if (++links > MAX_LINKS) throw new Error(LINK_LOOP);
    const target = fs.readlinkSync(here);
    if (path.isAbsolute(target)) folder = root;
    left.unshift(...target.split(path.sep));
  }
  return places;
}

function fault({ path: place, facts }: Place, ownerId: number): TamperingRisk | undefined {
  const { uid, mode } = facts;
  if (uid !== ownerId && uid !== 0)
    return { why: `${place} belongs to user ${uid}`, command: showOwner(place) };
  if (facts.isSymbolicLink()) return undefined;
  const command = run("chmod", "go-w", {}, place);
  if (!facts.isDirectory())
    return (mode & 0o022) === 0 ? undefined : { why: `${place} is writable by others`, command };
  return (mode & 0o1000) === 0 && canOthersWrite(facts)
    ? { why: `others can replace files in ${place}`, command }
    : undefined;
}

function canOthersWrite({ mode, gid }: fs.Stats): boolean {
  const isTrusted = process.platform === "darwin" && MACOS_ROOTS.includes(gid);
  return (mode & (isTrusted ? 0o002 : 0o022)) !== 0;
}
