import { debug } from "../../token/debug.ts";
import { reasonOf } from "../../token/errors/errors.ts";
import { ensurePrivateDirectory, readTextFile, writeFileAtomically } from "../../token/files/private-file.ts";
import { fnv64 } from "../../token/hot/fnv.ts";
import type { TokenQuestion } from "../../token/hot/question.ts";
import type { App } from "../app.ts";
import type { LocalState } from "../vouch/workplace.ts";

/** A program that polls tells nobody more often than this, in milliseconds. */
const QUIET_MS = 10 * 60_000;

/** Tells the desktop that a program in the background needs a login, where the settings say so; not again and again. */
export async function notifyLogin(
  app: App,
  { config, folders }: LocalState,
  { server, cluster }: TokenQuestion,
): Promise<void> {
  // At a terminal the error itself is seen.
  if (config.notify !== true || app.io.stderrIsTerminal) return;
  try {
    if (!mayNotify(folders.state, server, app.clock())) return;
    await app.notify({
      title: "kubectl needs a login",
      text: `For cluster ${cluster}: run kubectl vouch login and touch your security key.`,
    });
  } catch (error) {
    // What is told is the failure itself.
    debug(`the desktop was not told: ${reasonOf(error)}`);
  }
}

function mayNotify(state: string, server: string, now: number): boolean {
  const file = `${state}/notified-${fnv64(server)}.json`;
  const text = readTextFile(file) ?? "";
  const last = /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  if (last !== undefined && last <= now && now - last < QUIET_MS) return false;
  ensurePrivateDirectory(state);
  writeFileAtomically(file, String(now));
  return true;
}
