import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { DEBUG_CHANNEL, debug } from "../../token/debug.ts";
import { envValue } from "../../token/env.ts";
import { VERSION } from "../../token/hot/version.ts";
import { maskText } from "../../token/masking/mask-text.ts";
import type { App } from "../app.ts";

/**
 * Prints the program's debug lines to stderr, `debug +0.012s read ~/.kube/config (1.2 kB)`, until the result is called. The time
 * is that since the process began.
 */
export function printDebugLines({ io, env }: Pick<App, "io" | "env">): () => void {
  const print = (text: unknown) => {
    const time = (performance.now() / 1000).toFixed(3);
    const lines = maskText(withoutHome(String(text), env)).split(/\r?\n/);
    io.err(lines.map((line) => `debug +${time}s ${line}\n`).join(""));
  };
  subscribe(DEBUG_CHANNEL, print);
  debug(`kubectl-vouch ${VERSION}, Node ${process.version}, ${process.platform} ${process.arch}`);
  return () => unsubscribe(DEBUG_CHANNEL, print);
}

/** Shortens the home folder, which also hides the user's name from later readers. */
function withoutHome(text: string, env: App["env"]): string {
  const home = envValue(env, "HOME") ?? "";
  return home.length > 1 ? text.replaceAll(`${home}/`, "~/") : text;
}
