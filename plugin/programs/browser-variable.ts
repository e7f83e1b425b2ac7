import path from "node:path";
import { findProgram, searchIn } from "../../doctor/probes/local/find-program.ts";
import { commandWords } from "../../token/aws/sources/command-words.ts";
import { debug } from "../../token/debug.ts";
import { type Env, envValue } from "../../token/env.ts";

/** A program, and its words with `%s` in place of the address. */
export interface BrowserCommand {
  readonly file: string;
  readonly words: readonly string[];
}

interface Surroundings {
  readonly env: Env;
  readonly platform: NodeJS.Platform;
}

/**
 * The programs in `BROWSER`, in that order: separated as in PATH, each alone or as a command line with `%s`. None is run by
 * a shell, and none is looked up in the current folder. What is not found, or cannot be split into words, is passed over.
 *
 * Source: Python, Lib/webbrowser.py, `get` and `GenericBrowser`.
 */
export function browsersOfVariable(surroundings: Surroundings): BrowserCommand[] {
  const { env, platform } = surroundings;
  const choices = (envValue(env, "BROWSER") ?? "").split(platform === "win32" ? ";" : ":");
  return choices.flatMap((choice) => {
    if (choice.trim() === "") return [];
    const command = commandOf(choice, surroundings);
    if (command === undefined) debug(`BROWSER: no program found for ${JSON.stringify(choice)}`);
    return command ?? [];
  });
}

function commandOf(choice: string, surroundings: Surroundings): BrowserCommand | undefined {
  const isLine = choice.includes("%s");
  const isWindows = surroundings.platform === "win32";
  const [name, ...rest] = isLine ? (commandWords(choice, isWindows) ?? []) : [choice.trim()];
  const file = name === undefined ? undefined : findProgram(name, searchIn(surroundings));
  if (file === undefined || !path.isAbsolute(file)) return undefined;
  // With `&` at the end Python does not wait for the program; we never do.
  const words = isLine ? rest.filter((word, index) => word !== "&" || index < rest.length - 1) : ["%s"];
  return words.some((word) => word.includes("%s")) ? { file, words } : undefined;
}
