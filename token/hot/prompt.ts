/**
 * `status --prompt`: text for a shell's prompt, from the file that says who is logged in. It runs at every prompt, so nothing
 * else is read, and no server is called.
 */
import { type CurrentSession, findSession, readCurrent } from "./current.ts";
import { isDebugOn } from "./debug-variable.ts";
import { isClientGo } from "./exec-info.ts";
import type { Host } from "./host.ts";
import { currentFile, stateFolder } from "./state-files.ts";

/** Prints it and returns true; or prints nothing and returns false, for any other arguments and in any doubt. */
export function answerPrompt(host: Host): boolean {
  const { args } = host;
  if (args.length !== 2 || args[0] !== "status" || args[1] !== "--prompt") return false;
  const env = (name: string) => host.env(name);
  // Under kubectl, only commands that give credentials run.
  if (isDebugOn(env("VOUCH_DEBUG")) || isClientGo(env("KUBERNETES_EXEC_INFO"))) return false;
  const state = stateFolder(env, host.isWindows);
  if (state === undefined) return false;
  const file = host.readFile(currentFile(state));
  const current = file?.isPrivate ? readCurrent(file.text) : undefined;
  // The full program would take half a second, at each prompt, to say that no one is logged in.
  const isNobody = file === undefined || (current !== undefined && Object.keys(current.servers).length === 0);
  const server = env("VOUCH_SERVER") ?? current?.server ?? current?.last;
  const session =
    current === undefined || server === undefined ? undefined : findSession(current, server, current.account);
  if (session === undefined && !isNobody) return false;
  try {
    host.print(promptText(session, host.now()));
    return true;
  } catch {
    return false;
  }
}

/** `vouch 7h59m`, `vouch 12m`, `vouch 45s`, `vouch ended`; nothing if no one is logged in. */
export function promptText(session: CurrentSession | undefined, now: number): string {
  if (session === undefined) return "";
  const seconds = Math.floor((session.end - now) / 1000);
  if (seconds <= 0) return "vouch ended\n";
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours > 0) return `vouch ${hours}h${minutes % 60}m\n`;
  return `vouch ${minutes > 0 ? `${minutes}m` : `${seconds}s`}\n`;
}
