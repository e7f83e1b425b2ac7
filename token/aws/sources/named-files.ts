import fs from "node:fs";
import path from "node:path";
import { type Env, envValue } from "../../env.ts";
import { namesIn } from "../../files/names-in.ts";
import { readPlainFile } from "../../files/plain-file.ts";
import { shellGlobCovers } from "../../text/glob.ts";

/** Where words of a shell end, and the name of an option or a variable before its value. */
const ENDS_OF_WORDS = /[\s;&|()<>`"',:=]+/;

/** The longest script that is read for its first line, in bytes. */
const MAX_SCRIPT = 1024 * 1024;

const SHELL_QUOTES = /["'\\]/g;

/** The longest name of a file, in bytes. Source: Linux, limits.h, NAME_MAX. */
const MAX_NAME = 255;

/**
 * The files and folders that the words of a command name, wherever that is: as a word, as a part of one (`--file=/x`, `-C/x`,
 * `sh -c 'cd /x && ./y'`), by a name on PATH (`env NAME=value x`) or in a folder that the line names (`cd /x; . ./y`), by a pattern
 * of the name (`/x/a*`), and in the first line of a script (`#!/usr/bin/env x`). Of a path that is not there, the folder. What a
 * program loads or runs by itself is not among them, nor what a shell's own variables or a pattern of a folder name.
 */
export function namedFiles(words: readonly string[], env: Env): readonly string[] {
  const home = workFolder(env, false);
  const folders = (envValue(env, "PATH") ?? "").split(":").filter((name) => path.isAbsolute(name));
  const found = new Set<string>();
  const add = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    if (isFile(file)) look(interpreterOf(file));
  };
  const look = (given: string): void => {
    const text = given.replace(/(?:~|\$HOME|\$\{HOME\})(?=\/)/g, home);
    for (const form of new Set([text, text.replace(SHELL_QUOTES, "")]))
      for (const place of absolutePaths(form)) add(place);
    for (const name of new Set([text, ...text.split(ENDS_OF_WORDS)])) {
      const onPath = name.includes("/") ? [] : folders.map((folder) => path.join(folder, name));
      const file = name === "" ? undefined : [path.resolve(home, name), ...onPath].find(isFile);
      if (file !== undefined) add(file);
    }
  };
  for (const word of words) look(word);
  const names = new Set(words.flatMap((word) => [word, word.replace(SHELL_QUOTES, "")]).flatMap(partsOf));
  for (const folder of [...found].filter((place) => !isFile(place)))
    for (const name of names) for (const file of filesNamed(folder, name)) add(file);
  return [...found];
}

function partsOf(text: string): string[] {
  return text.split(ENDS_OF_WORDS).filter((name) => name !== "");
}

/** The file with a name, or those whose names fit a pattern of a shell. */
function filesNamed(folder: string, name: string): string[] {
  const place = path.resolve(folder, name);
  if (isFile(place)) return [place];
  if (!/[*?[]/.test(path.basename(place))) return [];
  return namesIn(path.dirname(place))
    .filter((one) => shellGlobCovers(path.basename(place), one))
    .map((one) => path.join(path.dirname(place), one))
    .filter(isFile);
}

/** From each slash on, the longest path there is. */
function absolutePaths(text: string): string[] {
  const found: string[] = [];
  for (let start = text.indexOf("/"); start >= 0; ) {
    const place = longestPath(text.slice(start));
    if (place !== "/" && !isOther(place)) found.push(place);
    const rest = text.slice(start + place.length).search(ENDS_OF_WORDS);
    start = rest < 0 ? -1 : text.indexOf("/", start + place.length + rest);
  }
  return found;
}

function longestPath(text: string): string {
  let place = "";
  for (const name of text.split("/").slice(1)) {
    const next = `${place}/${name}`;
    if (!fs.existsSync(next)) {
      for (let length = Math.min(name.length, MAX_NAME); length > 0; length -= 1) {
        const shorter = `${place}/${name.slice(0, length)}`;
        if (fs.existsSync(shorter)) return shorter;
      }
      break;
    }
    place = next;
  }
  return place === "" ? "/" : place;
}

/** The folder in which an approved program runs: not its caller's, in which somebody else's files may lie. */
export function workFolder(env: Env, isWindows: boolean): string {
  const home = envValue(env, isWindows ? "USERPROFILE" : "HOME");
  return home !== undefined && path.isAbsolute(home) && fs.existsSync(home) ? home : path.resolve("/");
}

function isFile(file: string): boolean {
  try {
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Whether it is neither a file nor a folder, such as `/dev/null`, which everybody may write. */
function isOther(place: string): boolean {
  const facts = fs.statSync(place, { throwIfNoEntry: false });
  return facts === undefined || !(facts.isFile() || facts.isDirectory());
}

/** The program and its argument after `#!`; empty for what is no script, and for what we cannot read. */
function interpreterOf(file: string): string {
  try {
    const text = readPlainFile(file, MAX_SCRIPT)?.bytes.toString("latin1") ?? "";
    return /^#!(.*)/.exec(text)?.[1] ?? "";
  } catch {
    return "";
  }
}
