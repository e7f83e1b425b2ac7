import fs from "node:fs";
import path from "node:path";
import { type Run, run } from "../command/command.ts";
import { codeOf, LINK_LOOP, MAX_LINKS, whyFailed } from "./file-reasons.ts";

/** How others could put something else in a file's place, or why the file cannot be looked at. */
export interface WayOfOthers {
  /** As a sentence that goes on: `/tmp/x belongs to user 12`. */
  readonly why: string;
  /** What sets it right. */
  readonly command?: Run;
}

/** The group of macOS whose members may become root; Homebrew lets it write to its folders. */
const MACOS_ADMINS = 80;

/**
 * Looks at a file by its absolute path, at every folder on the way to it, and at every symbolic link there with the folders that
 * this one leads through. All of them have to be this user's or root's, and nobody else may write to them, but to folders whoever
 * is in a group that is trusted; in a folder with the sticky bit others can change only what is theirs. Undefined when it is so;
 * Windows knows no such bits.
 */
export function wayOfOthers(file: string, ownerId = process.getuid?.()): WayOfOthers | undefined {
  if (ownerId === undefined) return undefined;
  try {
    return placesTo(file)
      .map((place) => fault(place, ownerId))
      .find((found) => found !== undefined);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { why: `${file} is not there` };
    return { why: `${file} cannot be looked at: ${whyFailed(error)}` };
  }
}

interface Place {
  readonly path: string;
  readonly facts: fs.Stats;
}

/** Every folder and link on the way, and the file itself. */
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

function fault({ path: place, facts }: Place, ownerId: number): WayOfOthers | undefined {
  const { uid, mode } = facts;
  if (uid !== ownerId && uid !== 0)
    return { why: `${place} belongs to user ${uid}`, command: run("ls", "-ld", {}, place) };
  if (facts.isSymbolicLink()) return undefined;
  const command = run("chmod", "go-w", {}, place);
  if (!facts.isDirectory())
    return (mode & 0o022) === 0 ? undefined : { why: `${place} can be written by others`, command };
  return (mode & 0o1000) === 0 && canOthersWrite(facts, ownerId)
    ? { why: `others can put another file into ${place}`, command }
    : undefined;
}

/**
 * Trusted are the group of root's, that of macOS's admins, and the one with the number of the user, which is of the user alone
 * where each has one. Nobody looks who else is in them.
 */
function canOthersWrite({ mode, gid }: fs.Stats, ownerId: number): boolean {
  const isOwnGroup = gid === 0 || gid === ownerId || (process.platform === "darwin" && gid === MACOS_ADMINS);
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && !isOwnGroup);
}
