/**
 * `status --prompt`: text for a shell's prompt, from what the full program last found out about the current context, and from the
 * file that says who is logged in. It runs at every prompt, so little else is read, and no server is called.
 */
import type { Witness } from "./cached-token.ts";
import { type CurrentSession, findSession, readCurrent } from "./current.ts";
import { isDebugOn } from "./debug-variable.ts";
import { isClientGo } from "./exec-info.ts";
import { fnv32 } from "./fnv.ts";
import type { Host } from "./host.ts";
import { promptKey } from "./key.ts";
import { currentFile, promptFile, stateFolder } from "./state-files.ts";

/** A session, as a prompt shows it. */
export interface PromptSession {
  /** `vouch`, or the name of an AWS profile. */
  readonly name: string;
  /** When it ends, in milliseconds since 1970; undefined: it has no end of its own, and is not shown. */
  readonly end?: number;
  /** It is refreshed when it is used after its end. */
  readonly isRefreshable?: boolean;
}

/** What the full program found out: whose session a prompt shows, as long as these files are what they were. */
export interface PromptFinding {
  readonly key: string;
  readonly witnesses: readonly Witness[];
  /** Undefined: that of the Vouch server. */
  readonly session?: PromptSession;
}

/** Prints it and returns true; or prints nothing and returns false, for any other arguments and in any doubt. */
export function answerPrompt(host: Host): boolean {
  const { args } = host;
  if (args.length !== 2 || args[0] !== "status" || args[1] !== "--prompt") return false;
  const env = (name: string) => host.env(name);
  // Under kubectl, only commands that give credentials run.
  if (isDebugOn(env("VOUCH_DEBUG")) || isClientGo(env("KUBERNETES_EXEC_INFO"))) return false;
  const state = stateFolder(env, host.isWindows);
  const finding = state === undefined ? undefined : findingOf(host, state);
  if (state === undefined || finding === undefined) return false;
  const { session } = finding;
  return session === undefined ? answerVouch(host, state) : isPrinted(host, promptText(session, host.now()));
}

/** Undefined if nothing was found out, or a file has changed since. */
function findingOf(host: Host, state: string): PromptFinding | undefined {
  const key = promptKey((name) => host.env(name));
  const file = host.readFile(promptFile(state, fnv32(key)));
  const finding = file?.isPrivate ? readFinding(file.text) : undefined;
  if (finding?.key !== key) return undefined;
  const isSame = finding.witnesses.every(([path, identity]) => host.identity(path) === identity);
  return isSame ? finding : undefined;
}

/** Written by the full program alone, into a file that only its user can write. */
function readFinding(text: string): PromptFinding | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isFinding =
      typeof value === "object" && value !== null && Array.isArray((value as PromptFinding).witnesses);
    return isFinding ? (value as PromptFinding) : undefined;
  } catch {
    return undefined;
  }
}

function answerVouch(host: Host, state: string): boolean {
  const file = host.readFile(currentFile(state));
  const current = file?.isPrivate ? readCurrent(file.text) : undefined;
  // The full program would take half a second, at each prompt, to say that no one is logged in.
  const isLoggedOut =
    file === undefined || (current !== undefined && Object.keys(current.servers).length === 0);
  const server = host.env("VOUCH_SERVER") ?? current?.server ?? current?.last;
  const session =
    current === undefined || server === undefined ? undefined : findSession(current, server, current.account);
  if (session === undefined && !isLoggedOut) return false;
  return isPrinted(host, promptText(vouchPrompt(session), host.now()));
}

function isPrinted(host: Host, text: string): boolean {
  try {
    host.print(text);
    return true;
  } catch {
    return false;
  }
}

/** The session at a Vouch server; undefined if no one is logged in. */
export function vouchPrompt(session: CurrentSession | undefined): PromptSession | undefined {
  return session && { name: "vouch", end: session.end };
}

/** `vouch 7h59m`, `dev 12m`, `dev 45s`, `dev ended`, `dev` for one that is refreshed at its next use; nothing without a session. */
export function promptText(session: PromptSession | undefined, now: number): string {
  if (session?.end === undefined) return "";
  const { name, end, isRefreshable } = session;
  const seconds = Math.floor((end - now) / 1000);
  if (seconds <= 0) return isRefreshable ? `${name}\n` : `${name} ended\n`;
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours > 0) return `${name} ${hours}h${minutes % 60}m\n`;
  return `${name} ${minutes > 0 ? `${minutes}m` : `${seconds}s`}\n`;
}
