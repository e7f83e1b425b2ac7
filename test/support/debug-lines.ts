import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { DEBUG_CHANNEL } from "../../token/debug.ts";

/** The `--debug` lines of the work, before they are masked, with `N` for each duration. */
export async function debugLinesOf(work: () => unknown): Promise<string[]> {
  const lines: string[] = [];
  const listen = (line: unknown) => void lines.push(String(line).replace(/ in \d+ ms/, " in N ms"));
  subscribe(DEBUG_CHANNEL, listen);
  try {
    await work();
  } finally {
    unsubscribe(DEBUG_CHANNEL, listen);
  }
  return lines;
}
