import fs from "node:fs";
import path from "node:path";
import { type Env, envValue } from "../../env.ts";
import { unlessThrown } from "../../errors/errors.ts";
import { namesIn } from "../../files/folders.ts";
import { readPlainFile } from "../../files/plain-file.ts";
import { shellGlobCovers } from "../../text/glob.ts";

/** Where words of a shell end, and the name of an option or a variable before its value. */
const ENDS_OF_WORDS = /[\s;&|()<>`"',:=]+/;

/** What leads a program into the folder behind it, as a word of its own. */
const LEADS = /^(?:cd|pushd|chdir|-\w*C|--c(?:h(?:d(?:ir?)?)?)?|--directory)$/;

/** The same with the folder glued to it, and a list of folders. */
const LEADS_GLUED = /^(?:-[^C=\s]*C|--c(?:h(?:d(?:ir?)?)?)?=|--directory=)(.+)$/;
const LIST = /^PATH\+?=(.*)$/i;

/** The longest script that is read for its first line, in bytes. */
const MAX_SCRIPT = 1024 * 1024;

const SHELL_QUOTES = /["'\\]/g;

/** The longest name of a file, and of a path, in bytes. Source: Linux, limits.h, NAME_MAX and PATH_MAX. */
const MAX_NAME = 255;
const MAX_PATH = 4095;

/**
 * The files and folders that the words of a command name, wherever that is: as a word, as a part of one (`--file=/x`, `-C/x`,
 * `sh -c 'cd /x && ./y'`), by a name on PATH (`env NAME=value x`), in a folder that the line names or that such names lead to
 * (`cd x; cd y; . ./z`), by a pattern of the name (`/x/a*`), and in the first line of a script (`#!/usr/bin/env x`). Of a path
 * that is not there, the folder. Of a folder in which everyone may put files, what others have put there. What a program loads
 * or runs by itself is not among them, nor what a shell's own variables or a pattern of a folder name.
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
  const typed = words.map((word) => word.replaceAll("\\\n", ""));
  const look = (given: string): void => {
    for (const text of new Set([given, given.replace(SHELL_QUOTES, "")]))
      for (const place of absolutePaths(withHome(text, home))) add(place);
    for (const name of partsOf(withHome(given, home))) {
      const onPath = name.includes("/") ? [] : folders.map((folder) => path.join(folder, name));
      const file = onPath.find(isFile);
      if (file !== undefined) add(file);
    }
  };
  for (const word of typed) look(word);
  const names = [...new Set(typed.flatMap((word) => partsOf(withHome(word, home))))];
  const targets = new Set([
    ...typed.flatMap((word) => targetsIn(shellWords(withHome(word, home)))),
    ...targetsIn(typed.map((word) => withHome(word, home))),
  ]);
  const isLed = targets.size > 0;
  // Where a variable says where, any word may: but a folder that is called like a profile is none that the line names.
  const isAnywhere = [...targets].some((target) => target.includes("$"));
  const isHome = isAnywhere || [home, "~", "."].some((name) => targets.has(name));
  const isNamed = (name: string, place: string) =>
    isAnywhere || targets.has(name) || name.includes("/") || isFile(place);
  const entered = new Set<string>();
  const enter = (folder: string): void => {
    if (entered.has(folder)) return;
    entered.add(folder);
    // A pattern without a folder is seldom one of files at home: braces of JSON, a star of a query.
    const hasPatterns = folder !== home || isHome;
    const here = hasPatterns ? names : names.filter((name) => !isPattern(name) || name.includes("/"));
    for (const name of here)
      for (const place of placesNamed(folder, name)) if (isNamed(name, place)) add(place);
    if (isLed) for (const file of putByOthers(folder)) add(file);
    for (const place of [...found]) if (!isFile(place)) enter(place);
  };
  enter(home);
  return [...found];
}

function withHome(text: string, home: string): string {
  return text.replace(/(?:~|\$HOME|\$\{HOME\})"?(?=\/)/g, home);
}

/** The folders that words lead to: behind `cd`, `-C` and their like, with options between, and those of a PATH. */
function targetsIn(words: readonly string[]): string[] {
  const plain = words.filter((word, index) => !isBetween(word) || LEADS.test(word) || index === 0);
  const behind = [words, plain].flatMap((own) => own.filter((_, index) => LEADS.test(own[index - 1] ?? "")));
  const glued = words.flatMap((word) => LEADS_GLUED.exec(word)?.[1] ?? []);
  const listed = words.flatMap((word) => LIST.exec(word)?.[1]?.split(":") ?? []);
  return [...behind, ...glued, ...listed].filter((name) => name !== "" && name !== "$PATH");
}

/** What may stand between `cd` and its folder: options, places of a stack, a number before a redirection, and where it goes. */
function isBetween(word: string): boolean {
  return /^(?:-.*|\+\d+|\d|\/dev\/null)$/.test(word);
}

/** Whether a shell may take it for several names: not `${x}` and not the braces of JSON or awk. */
function isPattern(name: string): boolean {
  const pattern = path.basename(name);
  const brace = pattern.indexOf("{");
  const isList = brace >= 0 && pattern[brace - 1] !== "$" && /,|\.\./.test(pattern.slice(brace));
  return /[*?[]|[@+!]\(/.test(pattern) || isList;
}

/** The words of a text as a shell reads them: without quotes and backslashes, and without signs between commands. */
function shellWords(text: string): string[] {
  const words =
    text.match(/(?:\\.?|"(?:\\.?|[^"\\])*"?|'[^']*'?|[@+!?*]\([^()]*\)|[^\s;&|()<>`"'\\])+/g) ?? [];
  return words.map((word) => word.replace(/\\(.)|["']/g, "$1"));
}

/** What may be a name: the whole text, what is quoted in it, and its words, as a shell or an option separates them. */
function partsOf(text: string): string[] {
  const quoted = [...text.matchAll(/"([^"]{1,1000})"|'([^']{1,1000})'/g)].map(([, a, b]) => a ?? b ?? "");
  const plain = text.replace(SHELL_QUOTES, "");
  const shell = shellWords(text);
  const glued = shell.flatMap((word) => [
    LEADS_GLUED.exec(word)?.[1] ?? "",
    /^(?:-\w)?@(.+)/.exec(word)?.[1] ?? "",
    ...endingsOf(word),
  ]);
  const values = [text, ...shell].flatMap((word) =>
    word
      .split("=")
      .slice(1)
      .flatMap((value) => [value, ...value.split(":")]),
  );
  const parts = [
    text,
    plain,
    ...quoted,
    ...shell,
    ...glued,
    ...values,
    ...text.split(ENDS_OF_WORDS),
    ...text.split(/[\s\\"'`@{}[\]]+/),
  ];
  return [...new Set(parts)].filter((name) => name !== "" && name.length <= MAX_PATH);
}

/** What may be a file behind options that are bundled in one word: `-nfx`. */
function endingsOf(word: string): string[] {
  return /^-\w/.test(word)
    ? Array.from({ length: Math.min(word.length - 2, 20) }, (_, index) => word.slice(index + 2))
    : [];
}

/** What has a name in a folder, or the files there whose names fit a pattern of a shell. */
function placesNamed(folder: string, name: string): string[] {
  const place = path.resolve(folder, name);
  if (fs.existsSync(place)) return isOther(place) ? [] : [place];
  const pattern = path.basename(place);
  // Someone else may put a file there in the meantime.
  const parent = path.dirname(place);
  const around = name.includes("/") && isOpenFolder(parent) ? [parent] : [];
  if (!isPattern(name)) return around;
  // A class of characters, braces, or a list of patterns: any name may fit.
  const isAny = /\[:|\{|[@+!?*]\(/.test(pattern);
  const fitting = namesIn(parent)
    .filter((one) => isAny || shellGlobCovers(pattern, one))
    .map((one) => path.join(parent, one))
    .filter(isFile);
  return [...around, ...fitting];
}

/** Whether others may put files into a folder, and replace those of others there. */
function isOpenFolder(folder: string): boolean {
  const { mode = 0 } = fs.statSync(folder, { throwIfNoEntry: false }) ?? {};
  return (mode & 0o022) !== 0 && (mode & 0o1000) === 0;
}

/** What someone other than this user and root has put into a folder that is open to everyone, such as `/tmp`. */
function putByOthers(folder: string): string[] {
  const { mode = 0 } = fs.statSync(folder, { throwIfNoEntry: false }) ?? {};
  if ((mode & 0o022) === 0) return [];
  const own = [process.getuid?.(), 0];
  return namesIn(folder)
    .map((name) => path.join(folder, name))
    .filter((place) => !own.includes(fs.lstatSync(place, { throwIfNoEntry: false })?.uid ?? 0));
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

/** The folder in which an approved program runs: not its caller's, in which someone else's files may lie. */
export function workFolder(env: Env, isWindows: boolean): string {
  const home = envValue(env, isWindows ? "USERPROFILE" : "HOME");
  return home !== undefined && path.isAbsolute(home) && fs.existsSync(home) ? home : path.resolve("/");
}

function isFile(file: string): boolean {
  return unlessThrown(() => fs.statSync(file).isFile(), false);
}

/** Whether it is neither a file nor a folder, such as `/dev/null`, which everyone may write. */
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
