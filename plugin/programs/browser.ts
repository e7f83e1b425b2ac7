import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { findProgram, searchIn } from "../../doctor/probes/local/find-program.ts";
import { commandWords } from "../../token/aws/sources/command-words.ts";
import { debug } from "../../token/debug.ts";
import { type Env, envValue } from "../../token/env.ts";
import { reasonOf } from "../../token/errors/errors.ts";
import { BROWSER_HEADERS, serveBrowser } from "../../token/net/browser-server.ts";
import { startable, systemProgram } from "./startable.ts";

interface BrowserSurroundings {
  readonly env: Env;
  readonly platform: NodeJS.Platform;
  /** Whether this is Linux in Windows, whose browser is the user's. */
  readonly isWsl?: boolean;
}

/** What starts the user's browser: a program of the system by its absolute path, or one that the user names. */
interface Opener {
  readonly file: string;
  readonly args: readonly string[];
  /** Named in BROWSER. */
  readonly isNamed?: boolean;
}

/** A program that fails does so within this time, in milliseconds; one that runs longer has become the browser. */
const FAILS_WITHIN_MS = 1500;

/**
 * Opens an address in the user's browser. False if the user would not see it, as over ssh or without a display, or if it
 * could not be started. Does not wait for the browser to end.
 *
 * Whoever else is on the machine can read the words of a program, except on Windows. Therefore these name a server of ours, which
 * sends the browser to the address, once. In Windows, too, if BROWSER names a program: it may be `cmd.exe`, to which `&` and `%` in
 * an address mean something.
 */
export async function openInBrowser(address: string, surroundings: BrowserSurroundings): Promise<boolean> {
  if (openersFor(address, surroundings).length === 0) return false;
  const isPrivate = surroundings.platform === "win32" && envValue(surroundings.env, "BROWSER") === undefined;
  const shown = isPrivate ? address : await redirectTo(address);
  for (const opener of openersFor(shown, surroundings))
    if (await startOpener(opener, surroundings)) return true;
  return false;
}

/** Whether it was started, and did not fail at once. */
export async function startOpener(opener: Opener, { env, platform }: BrowserSurroundings): Promise<boolean> {
  try {
    if (opener.isNamed !== true) requireSystemProgram(opener.file, platform);
    return await start(opener, env);
  } catch (error) {
    debug(`the browser was not opened: ${reasonOf(error)}`);
    return false;
  }
}

/** The browsers to try, in this order: those of BROWSER, then the system's. None if the user would not see one. */
export function openersFor(address: string, surroundings: BrowserSurroundings): Opener[] {
  const named = browsersOfVariable(surroundings).map(({ file, words }) => ({
    file,
    args: words.map((word) => word.replaceAll("%s", () => address)),
    isNamed: true,
  }));
  return [...named, ...systemOpeners(address, surroundings)];
}

/** A program, and its words with `%s` in place of the address. */
interface BrowserCommand {
  readonly file: string;
  readonly words: readonly string[];
}

/**
 * The programs in `BROWSER`, in that order: separated as in PATH, each alone or as a command line with `%s`. None is run by
 * a shell, and none is looked up in the current folder. What is not found, or cannot be split into words, is passed over.
 *
 * Source: Python, Lib/webbrowser.py, `get` and `GenericBrowser`.
 */
function browsersOfVariable(surroundings: BrowserSurroundings): BrowserCommand[] {
  const { env, platform } = surroundings;
  const choices = (envValue(env, "BROWSER") ?? "").split(platform === "win32" ? ";" : ":");
  return choices.flatMap((choice) => {
    if (choice.trim() === "") return [];
    const command = commandOf(choice, surroundings);
    if (command === undefined) debug(`BROWSER: no program found for ${JSON.stringify(choice)}`);
    return command ?? [];
  });
}

function commandOf(choice: string, surroundings: BrowserSurroundings): BrowserCommand | undefined {
  const isLine = choice.includes("%s");
  const isWindows = surroundings.platform === "win32";
  const [name, ...rest] = isLine ? (commandWords(choice, isWindows) ?? []) : [choice.trim()];
  const file = name === undefined ? undefined : findProgram(name, searchIn(surroundings));
  if (file === undefined || !path.isAbsolute(file)) return undefined;
  // With `&` at the end Python does not wait for the program; we never do.
  const words = isLine ? rest.filter((word, index) => word !== "&" || index < rest.length - 1) : ["%s"];
  return words.some((word) => word.includes("%s")) ? { file, words } : undefined;
}

function systemOpeners(address: string, { env, platform, isWsl }: BrowserSurroundings): Opener[] {
  const isRemote = ["SSH_CONNECTION", "SSH_TTY"].some((name) => envValue(env, name) !== undefined);
  if (isRemote) return [];
  switch (platform) {
    case "darwin":
      return [{ file: "/usr/bin/open", args: [address] }];
    case "win32":
      return [windowsOpener(systemProgram(env, "rundll32.exe"), address)];
    default: {
      const hasDisplay = ["DISPLAY", "WAYLAND_DISPLAY"].some((name) => envValue(env, name) !== undefined);
      return [
        ...(isWsl === true
          ? [
              { file: "/usr/bin/wslview", args: [address] },
              windowsOpener(path.posix.join(WINDOWS_IN_WSL, RUNDLL), address),
            ]
          : []),
        ...(hasDisplay ? [{ file: "/usr/bin/xdg-open", args: [address] }] : []),
      ];
    }
  }
}

/** Opens an address without a command interpreter, which would read `&` and `%` in it. */
function windowsOpener(file: string, address: string): Opener {
  return { file, args: ["url.dll,FileProtocolHandler", address] };
}

/** Below the folder of Windows. */
const RUNDLL = "System32/rundll32.exe";

/**
 * Where Linux in Windows has the programs of Windows, unless the user moved the drives. Source: Microsoft, wsl.conf,
 * `automount`.
 */
const WINDOWS_IN_WSL = "/mnt/c/Windows";

/** Whether this is Linux in Windows, and can start programs of Windows. Source: microsoft/WSL, src/linux/init. */
export function isWsl(platform: NodeJS.Platform): boolean {
  const names = ["WSLInterop", "WSLInterop-late"];
  return platform === "linux" && names.some((name) => fs.existsSync(`/proc/sys/fs/binfmt_misc/${name}`));
}

/**
 * Throws unless only root can change the file, or if it does not exist. Windows protects its folder by other means; Linux in Windows
 * shows every file of it as the user's, but only root can put something else in the drive's place.
 */
function requireSystemProgram(file: string, platform: NodeJS.Platform): void {
  const guard = file.startsWith(WINDOWS_IN_WSL) ? "/mnt" : file;
  fs.accessSync(file);
  const { uid, mode } = fs.statSync(guard);
  if (platform !== "win32" && (uid !== 0 || (mode & 0o022) !== 0))
    throw new Error(`${file} is not the system's`);
}

function start({ file, args }: Opener, env: Env): Promise<boolean> {
  debug(`run ${[file, ...args].join(" ")}`);
  return new Promise((resolve) => {
    const { file: program, args: words, options } = startable([file, ...args], env);
    const how = { env, stdio: "ignore", detached: true, windowsHide: true } as const;
    const child = spawn(program, words, { ...options, ...how });
    child.unref();
    const timer = setTimeout(() => resolve(true), FAILS_WITHIN_MS);
    const settle = (isOpen: boolean) => {
      clearTimeout(timer);
      resolve(isOpen);
    };
    child.once("error", () => settle(false));
    child.once("exit", (status) => settle(status === 0));
  });
}

/** How long a browser may take to start, in milliseconds. */
const START_MS = 2 * 60 * 1000;

/**
 * An address on this machine that leads the first browser of this user that opens it to `address`, but no other user: `address` has
 * a secret that must not stand in the words of a program, which any user of the machine can read. Good for two minutes; does not
 * keep this process alive.
 */
export async function redirectTo(address: string): Promise<string> {
  const secret = `/${randomBytes(32).toString("base64url")}`;
  const { server, host } = await serveBrowser(
    ({ method, url }) => (method === "GET" && url === secret ? address : undefined),
    (response, { brought: location }) => {
      if (location === undefined) {
        response.writeHead(404, BROWSER_HEADERS).end("Run the command again.\n");
        return;
      }
      response.writeHead(302, { ...BROWSER_HEADERS, location }).end();
      server.close();
    },
  );
  server.unref();
  setTimeout(() => server.close(), START_MS).unref();
  return `http://${host}${secret}`;
}
