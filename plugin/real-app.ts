import os from "node:os";
import path from "node:path";
import type { Env } from "../token/env.ts";
import { EXIT, VouchError } from "../token/errors/errors.ts";
import type { SecurityKeys } from "../token/fido2/hid/security-keys.ts";
import type { KeyDialog } from "../token/fido2/key-dialog.ts";
import { type Caller, readCaller } from "../token/hot/caller.ts";
import { CALLER_VARIABLE, DROPPED_PREFIX } from "../token/hot/gate.ts";
import { rememberCaller } from "../token/mint/asking-process.ts";
import { SYSTEM_CONFIG } from "../token/settings/system-config.ts";
import type { App } from "./app.ts";
import { explainUncaught, run } from "./cli.ts";
import { processIo } from "./terminal/terminal.ts";

/**
 * How long work under way may take to end by itself after Ctrl-C, in milliseconds: to tell a security key takes up to one second.
 * SDK calls do not react to Ctrl-C, and would run until their time limit.
 */
const GRACE_MS = 2000;

/** Runs this process's command line in the real world, and ends the process. */
export async function main(given: Partial<GivenParts> = {}): Promise<never> {
  const app = realApp({ securityKeys: pluggedInKeys, databaseHome, ...given });
  const end = (error: unknown) => process.exit(explainUncaught(error, app));
  process.on("uncaughtException", end);
  app.signal.addEventListener("abort", () => {
    setTimeout(() => end(new VouchError("interrupted", "Interrupted.")), GRACE_MS).unref();
  });
  process.exit(await run(process.argv.slice(2), app));
}

/** All that the lab can replace. */
interface GivenParts {
  readonly securityKeys: () => Promise<SecurityKeys>;
  readonly databaseHome: () => string | undefined;
}

function realApp({ securityKeys, databaseHome }: GivenParts): App {
  const caller = takeCaller(process.env, process);
  rememberCaller(caller);
  return {
    env: process.env,
    dropped: takeDropped(process.env),
    platform: process.platform,
    get homeDir() {
      return homeFolder();
    },
    get databaseHome() {
      return databaseHome();
    },
    systemConfig: process.platform === "win32" ? undefined : SYSTEM_CONFIG,
    hostname: os.hostname(),
    processId: process.pid,
    parentId: caller?.id ?? process.ppid,
    clock: Date.now,
    io: processIo(process),
    signal: interruptSignal(),
    notify: async (message) => {
      const { notifyDesktop } = await import("./programs/desktop.ts");
      await notifyDesktop(message, { env: process.env, platform: process.platform });
    },
    openBrowser: async (address) => {
      const { isWsl, openInBrowser } = await import("./programs/browser.ts");
      const { env, platform } = process;
      return openInBrowser(address, { env, platform, isWsl: isWsl(platform) });
    },
    securityKeys,
    startedAs: process.argv[1],
    programName: "kubectl vouch",
  };
}

/** What the launcher dropped, under its real names. It is removed from the environment, so that no child inherits it. */
export function takeDropped(env: NodeJS.ProcessEnv): Env {
  const dropped: Record<string, string> = {};
  for (const [name, value = ""] of Object.entries(env)) {
    if (!name.startsWith(DROPPED_PREFIX)) continue;
    dropped[name.slice(DROPPED_PREFIX.length)] = value;
    delete env[name];
  }
  return dropped;
}

/** What the launcher for Windows tells of the process that asks. It is removed from the environment, so that no child inherits it. */
export function takeCaller(
  env: NodeJS.ProcessEnv,
  { platform, ppid }: Pick<NodeJS.Process, "platform" | "ppid">,
): Caller | undefined {
  const caller = platform === "win32" ? readCaller(env[CALLER_VARIABLE], ppid) : undefined;
  delete env[CALLER_VARIABLE];
  return caller;
}

/** HOME, or the home in the user database if HOME is missing, empty or relative; never the current folder. */
function homeFolder(): string {
  for (const home of [os.homedir, () => os.userInfo().homedir]) {
    try {
      const folder = home();
      if (path.isAbsolute(folder)) return folder;
    } catch {
      // A user without an entry in the database: try the next way, if any.
    }
  }
  throw new VouchError(
    "config-invalid",
    "No home directory: HOME is not an absolute path, and the user database does not have one for you.",
    {
      hint: "Set it to your directory: `export HOME=/home/NAME`.",
    },
  );
}

function databaseHome(): string | undefined {
  try {
    const { homedir } = os.userInfo();
    return path.isAbsolute(homedir) ? homedir : undefined;
  } catch {
    return undefined;
  }
}

async function pluggedInKeys(): Promise<SecurityKeys> {
  const { systemSecurityKeys } = await import("../token/fido2/hid/system-security-keys.ts");
  const { linuxPlace } = await import("../token/fido2/hid/key-access.ts");
  const { platform, env } = process;
  const place = platform === "linux" ? linuxPlace(env) : undefined;
  return systemSecurityKeys({
    platform,
    place,
    dialog: platform === "win32" ? await ourDialog(env) : undefined,
  });
}

/** The dialog of Windows; undefined if its helper is not beside this program, as with npm. */
async function ourDialog(env: Env): Promise<KeyDialog | undefined> {
  const { webauthnHelper } = await import("./programs/webauthn-helper.ts");
  const { windowsDialog } = await import("../token/fido2/windows/windows-dialog.ts");
  const start = webauthnHelper(process.execPath);
  return start && windowsDialog({ start, env });
}

/** Ctrl-C asks everything to stop, and lets it clean up for a moment; a second one ends the process at once. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
}
