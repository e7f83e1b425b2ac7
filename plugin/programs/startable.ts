import path from "node:path";
import { quotedForC } from "../../token/command/cmd-words.ts";
import { type Env, envValue } from "../../token/env.ts";
import { VouchError } from "../../token/errors/errors.ts";

/** What to give to `spawn`. */
export interface Startable {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: { readonly windowsVerbatimArguments?: true };
}

/**
 * How a program is started. A batch file of Windows is run by cmd.exe, which Node leaves to its callers. Throws `usage` for a word
 * that cmd.exe cannot be given.
 */
export function startable(
  [program = "", ...args]: readonly string[],
  env: Env,
  platform: NodeJS.Platform = process.platform,
): Startable {
  if (platform !== "win32" || !/\.(?:bat|cmd)[ .]*$/i.test(program))
    return { file: program, args, options: {} };
  const line = [batchQuoted(program), ...args.map(batchWord)].join(" ");
  return {
    file: systemProgram(env, "cmd.exe"),
    args: ["/d", "/e:on", "/v:off", "/s", "/c", `"${line}"`],
    options: { windowsVerbatimArguments: true },
  };
}

/**
 * A program of Windows by its path. Windows can be on any drive; a folder with a different name is ignored. `env` is the user's own
 * or, for a `credential_process`, as it was approved, never that of an exec block, which could set SystemRoot to a drive of others.
 */
export function systemProgram(env: Env, name: string): string {
  const root = envValue(env, "SystemRoot") ?? "";
  return path.win32.join(/^[A-Z]:\\Windows\\?$/i.test(root) ? root : "C:\\Windows", "System32", name);
}

function batchWord(word: string): string {
  return /^[\w#$*+./:?@\\-]*[\w#$*+./:?@-]$/.test(word) ? word : batchQuoted(word);
}

/**
 * Quoted for cmd.exe, then for the program to which the batch file passes it on: a doubled quote is one in a word to both.
 *
 * Source: rust-lang/rust, library/std/src/sys/args/windows.rs, `append_bat_arg` (CVE-2024-24576).
 */
function batchQuoted(word: string): string {
  if (/[%\r\n\0]/.test(word)) {
    throw new VouchError(
      "usage",
      `Cannot pass ${JSON.stringify(word)} to a batch file: cmd.exe would interpret % and line breaks.`,
      { hint: "Use a program that is not a batch file (.exe), or a word without % and line breaks." },
    );
  }
  return quotedForC(word, '""');
}
