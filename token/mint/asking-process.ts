import { execFileSync } from "node:child_process";
import { commandWords } from "../aws/sources/command-words.ts";
import { debug } from "../debug.ts";
import { readPlainFile } from "../files/plain-file.ts";
import type { Caller } from "../hot/caller.ts";

/** How long `ps` may take, in milliseconds. */
const PS_TIMEOUT_MS = 1000;

/** The longest command line that is examined, in bytes: a manifest is named near its beginning. */
const MAX_COMMAND_LINE_BYTES = 4 * 1024 * 1024;

/** Shells, interpreters, and programs that run others repeatedly. None is a client of client-go. */
const RUNS_SCRIPTS =
  /^(?:ba|da|z|k|a|fi|tc|c|pw)?sh$|^busybox$|^powershell$|^cmd$|^python[\d.]*$|^(?:node|nodejs|bun|deno|ruby|perl|php|java|lua|tclsh|expect)[\d.]*$|^(?:make|gmake|just|xargs|parallel|watch|env|find)$/;

/**
 * Whether a process, by its words, is a shell or an interpreter, which asks for a token again because its script does. Clients
 * written in these do not ask again after a 401. Source: plugin/KUBECTL.md, "Other clients".
 */
export function runsScripts([program = ""]: readonly string[]): boolean {
  const name = program.replaceAll("\\", "/").split("/").at(-1) ?? "";
  return RUNS_SCRIPTS.test(
    name
      .replace(/^-/, "")
      .replace(/\.exe$/i, "")
      .toLowerCase(),
  );
}

/**
 * Whether this is a kubectl that reads a manifest from standard input (`apply -f -`). Such a kubectl has two clients, one of
 * which may not use standard input, and each asks us for a token although none was refused.
 *
 * Source: measured with kubectl 1.28 and 1.36: `apply`, `create`, `replace`, `delete`, `diff`, `get -f -` run the plugin twice;
 * nothing else does without a 401. client-go, plugin/pkg/client/auth/exec/exec.go, `cacheKey`. The forms are `-f -`, `-f-`,
 * `-f=-`, `-Rf -`, `--filename -`, `--filename=-`.
 */
export function readsStdinManifest(words: readonly string[]): boolean {
  return words.some(
    (word, index) =>
      /^(?:-[A-Za-z]*f=?|--filename=)-$/.test(word) ||
      (/^(?:-[A-Za-z]*f|--filename)$/.test(word) && words[index + 1] === "-"),
  );
}

/** On Windows, where Node can ask about no other process: what the launcher found out about the one that asks. */
let handedOn: Caller | undefined;

/** To be called once, before the functions below. */
export function rememberCaller(caller: Caller | undefined): void {
  handedOn = caller;
}

function knownCaller(processId: number): Caller | undefined {
  return handedOn?.id === processId ? handedOn : undefined;
}

/**
 * A process's words: on Linux exactly, on macOS as shown by `ps`, split at blanks, on Windows only of the remembered caller. Undefined
 * if there is no such process, or it may not be asked.
 */
export function commandLine(
  processId: number,
  platform: NodeJS.Platform = process.platform,
): readonly string[] | undefined {
  if (platform === "win32") return commandWords(knownCaller(processId)?.commandLine ?? "", true);
  return platform === "linux" ? wordsInProc(processId) : shownByPs(processId);
}

function wordsInProc(processId: number): string[] | undefined {
  try {
    const words = readPlainFile(`/proc/${processId}/cmdline`, MAX_COMMAND_LINE_BYTES);
    return words?.bytes.toString("utf8").replace(/\0$/, "").split("\0");
  } catch {
    return undefined;
  }
}

function shownByPs(processId: number): string[] | undefined {
  return fieldOfPs(processId, "args")?.split(/\s+/);
}

/**
 * When a process started, as its system reports it: distinguishes it from a later one with the same ID. Undefined if there is no
 * such process, and on Windows of any but the remembered caller.
 */
export function startOf(processId: number, platform: NodeJS.Platform = process.platform): string | undefined {
  if (platform === "win32") return knownCaller(processId)?.start;
  return platform === "linux" ? statInProc(processId)?.[19] : fieldOfPs(processId, "lstart");
}

/**
 * Whether a process is in the background of its terminal: the system stops it, and the program that it works for, as soon as it
 * reads from there.
 */
export function isInBackground(processId: number, platform: NodeJS.Platform = process.platform): boolean {
  if (platform === "win32") return false;
  const [group, inFront] =
    platform === "linux"
      ? [statInProc(processId)?.[2], statInProc(processId)?.[5]]
      : [fieldOfPs(processId, "pgid"), fieldOfPs(processId, "tpgid")];
  return Number(inFront) > 0 && Number(group) > 0 && inFront !== group;
}

/** The fields of a process from the third on; the name in the second can contain anything. Source: proc(5), `/proc/PID/stat`. */
function statInProc(processId: number): string[] | undefined {
  try {
    const stat = readPlainFile(`/proc/${processId}/stat`)?.bytes.toString("latin1");
    return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

function fieldOfPs(processId: number, field: string): string | undefined {
  try {
    const args = ["-ww", "-o", `${field}=`, "-p", String(processId)];
    debug(`run /bin/ps ${args.join(" ")}`);
    const shown = execFileSync("/bin/ps", args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: PS_TIMEOUT_MS,
      killSignal: "SIGKILL",
      maxBuffer: MAX_COMMAND_LINE_BYTES,
    });
    return shown.trim();
  } catch {
    return undefined;
  }
}
