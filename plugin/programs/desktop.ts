import type { Env } from "../../token/env.ts";
import { sessionBus } from "../../token/keystore/keyring-key-store.ts";
import type { DesktopMessage } from "../app.ts";
import { runSystemProgram } from "./program-runner.ts";

interface Desktop {
  readonly env: Env;
  readonly platform: NodeJS.Platform;
}

/** How long the desktop may take, in milliseconds. */
const TIMEOUT_MS = 2000;

/**
 * Shows a message with the system's own program, at its absolute path: kubectl may have started us with a PATH and a bus address
 * from another user's kubeconfig. Without such a program (as on Windows), nothing is shown.
 */
export async function notifyDesktop(message: DesktopMessage, desktop: Desktop): Promise<void> {
  const [program, ...args] = commandFor(message, desktop.platform);
  if (program === undefined) return;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  await runSystemProgram(program, args, { env: environmentFor(desktop), signal }).catch(() => undefined);
}

/** The program and its arguments; empty if we know of no such program. */
export function commandFor({ title, text }: DesktopMessage, platform: NodeJS.Platform): readonly string[] {
  switch (platform) {
    case "linux":
      return ["/usr/bin/notify-send", "--app-name=kubectl-vouch", "--", title, text];
    case "darwin":
      return ["/usr/bin/osascript", "-e", `display notification ${quoted(text)} with title ${quoted(title)}`];
    default:
      return [];
  }
}

/** A string of AppleScript. */
function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function environmentFor({ env, platform }: Desktop): Record<string, string> {
  const ownerId = process.getuid?.();
  if (platform !== "linux" || ownerId === undefined) return {};
  return { DBUS_SESSION_BUS_ADDRESS: sessionBus({ env, recorded: undefined, ownerId }) };
}
