import fs from "node:fs";
import path from "node:path";
import { type Env, envValue } from "../../env.ts";
import { readPlainFile } from "../../files/plain-file.ts";

/** Where words of a shell end, and the name of an option or a variable before its value. */
const ENDS_OF_WORDS = /[\s;&|()<>`"',:=]+/;

/** The longest script that is read for its first line, in bytes. */
const MAX_SCRIPT = 1024 * 1024;

/**
 * The files that the words of a command name, wherever that is: as a word, as a part of one (`--file=/x`, `sh -c 'true; /x'`), by
 * a name on PATH (`env NAME=value x`), and in the first line of a script (`#!/usr/bin/env x`). What a program loads or runs by
 * itself is not among them.
 */
export function namedFiles(words: readonly string[], env: Env): readonly string[] {
  const home = workFolder(env, false);
  const folders = (envValue(env, "PATH") ?? "").split(":").filter((name) => path.isAbsolute(name));
  const found = new Set<string>();
  const look = (text: string): void => {
    for (const word of new Set([text, ...text.split(ENDS_OF_WORDS)])) {
      const name = word.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/)/, home);
      const onPath = name.includes("/") ? [] : folders.map((folder) => path.join(folder, name));
      const file = name === "" ? undefined : [path.resolve(home, name), ...onPath].find(isFile);
      if (file === undefined || found.has(file)) continue;
      found.add(file);
      look(interpreterOf(file));
    }
  };
  for (const word of words) look(word);
  return [...found];
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

/** The program and its argument after `#!`; empty for what is no script, and for what we cannot read. */
function interpreterOf(file: string): string {
  try {
    const text = readPlainFile(file, MAX_SCRIPT)?.bytes.toString("latin1") ?? "";
    return /^#!(.*)/.exec(text)?.[1] ?? "";
  } catch {
    return "";
  }
}
