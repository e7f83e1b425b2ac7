import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { debug } from "../../token/debug.ts";
import { type Env, envValue } from "../../token/env.ts";
import { reasonOf } from "../../token/errors/errors.ts";
import { BROWSER_HEADERS, serveBrowser } from "../../token/net/browser-server.ts";

interface BrowserSurroundings {
  readonly env: Env;
  readonly platform: NodeJS.Platform;
}

/** What starts the user's browser: a program of the system, by its absolute path. */
interface Opener {
  readonly file: string;
  readonly args: readonly string[];
}

/** A program that fails does so within this time, in milliseconds; one that runs longer has become the browser. */
const FAILS_WITHIN_MS = 1500;

/**
 * Opens an address in the user's browser. False if the user would not see it, as over ssh or without a display, or if it
 * could not be started. Does not wait for the browser to end.
 *
 * Whoever else is on the machine can read the words of a program, except on Windows. Therefore these name a server of ours, which
 * sends the browser to the address, once.
 */
export async function openInBrowser(address: string, surroundings: BrowserSurroundings): Promise<boolean> {
  if (openerFor(address, surroundings) === undefined) return false;
  const shown = surroundings.platform === "win32" ? address : await redirectTo(address);
  const opener = openerFor(shown, surroundings);
  return opener !== undefined && (await startOpener(opener, surroundings));
}

/** Whether it was started, and did not fail at once. */
export async function startOpener(opener: Opener, { env, platform }: BrowserSurroundings): Promise<boolean> {
  try {
    requireSystemProgram(opener.file, platform);
    return await start(opener, env);
  } catch (error) {
    debug(`the browser was not opened: ${reasonOf(error)}`);
    return false;
  }
}

/** Undefined if the user would not see a browser. */
export function openerFor(address: string, { env, platform }: BrowserSurroundings): Opener | undefined {
  const isRemote = ["SSH_CONNECTION", "SSH_TTY"].some((name) => envValue(env, name) !== undefined);
  if (isRemote) return undefined;
  switch (platform) {
    case "darwin":
      return { file: "/usr/bin/open", args: [address] };
    case "win32":
      return {
        file: `${envValue(env, "SystemRoot") ?? "C:\\Windows"}\\System32\\rundll32.exe`,
        args: ["url.dll,FileProtocolHandler", address],
      };
    default: {
      const hasDisplay = ["DISPLAY", "WAYLAND_DISPLAY"].some((name) => envValue(env, name) !== undefined);
      return hasDisplay ? { file: "/usr/bin/xdg-open", args: [address] } : undefined;
    }
  }
}

/** Throws unless only root can change the file, or if it does not exist. Windows protects its folder by other means. */
function requireSystemProgram(file: string, platform: NodeJS.Platform): void {
  const { uid, mode } = fs.statSync(file);
  if (platform !== "win32" && (uid !== 0 || (mode & 0o022) !== 0))
    throw new Error(`${file} is not the system's`);
}

function start({ file, args }: Opener, env: Env): Promise<boolean> {
  debug(`run ${[file, ...args].join(" ")}`);
  return new Promise((resolve) => {
    const child = spawn(file, args, { env, stdio: "ignore", detached: true, windowsHide: true });
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
 * a secret that must not stand in the words of a program, which anybody on the machine can read. Good for two minutes; does not
 * keep this process alive.
 */
export async function redirectTo(address: string): Promise<string> {
  const path = `/${randomBytes(32).toString("base64url")}`;
  const { server, host } = await serveBrowser(
    ({ method, url }) => (method === "GET" && url === path ? address : undefined),
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
  return `http://${host}${path}`;
}
