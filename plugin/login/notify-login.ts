import { debug } from "../../token/debug.ts";
import { reasonOf } from "../../token/errors/errors.ts";
import { readTextFile } from "../../token/files/plain-file.ts";
import { ensurePrivateDirectory, writeFileAtomically } from "../../token/files/private-file.ts";
import { fnv64 } from "../../token/hot/fnv.ts";
import type { VouchQuestion } from "../../token/hot/question.ts";
import type { Desk } from "../vouch/workplace.ts";

/** The least time between two messages, in milliseconds, however often a program polls. */
const QUIET_MS = 10 * 60_000;

/** Shows on the desktop that a program in the background needs a login, if the settings say so; not again and again. */
export async function notifyLogin(
  { app, workplace: { config, folders } }: Desk,
  { server, cluster }: VouchQuestion,
): Promise<void> {
  // At a terminal, the error itself is visible.
  if (config.notify !== true || app.io.stderrIsTerminal) return;
  try {
    if (!mayNotify(folders.state, server, app.clock())) return;
    await app.notify({
      title: "kubectl needs a login",
      text: `For cluster ${cluster}: run kubectl vouch login and touch your security key.`,
    });
  } catch (error) {
    // The failure itself is reported all the same.
    debug(`cannot show a desktop notification: ${reasonOf(error)}`);
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
