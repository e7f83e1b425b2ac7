import { isDebugging } from "../../token/debug.ts";
import { shown } from "../../token/text/printable.ts";
import type { App } from "../app.ts";
import { canRewrite } from "./style.ts";
import { ERASE_LINE } from "./terminal.ts";

/** How long something may take before it is worth a message, in milliseconds. Source: plugin/KUBECTL.md, "Command line". */
const QUIET_MS = 200;

/** Streams on which the progress of some work is shown; nested or parallel work does not show any. */
const inUse = new WeakSet<App["io"]>();

/**
 * Runs slow work and says on stderr what is going on once it has taken 200 ms; nothing if it was quick. On a terminal that
 * accepts escapes, each step replaces the one before, and the line is erased afterwards; elsewhere only `text` is printed.
 */
export async function withProgress<T>(
  app: App,
  text: string,
  work: (say: (text: string) => void) => Promise<T>,
): Promise<T> {
  const { io } = app;
  if (isDebugging() || inUse.has(io)) return work(() => undefined);
  inUse.add(io);
  const isLive = canRewrite(app, "err");
  let isThere = false;
  let current = text;
  const show = () => {
    if (isLive) io.paint("err", `${ERASE_LINE}${shown(current).slice(0, Math.max(10, io.columns - 1))}`);
    else io.err(`${text}\n`);
    isThere = true;
  };
  const timer = setTimeout(show, QUIET_MS);
  try {
    return await work((next) => {
      if (next === current) return;
      current = next;
      if (isThere && isLive) show();
    });
  } finally {
    inUse.delete(io);
    clearTimeout(timer);
    if (isThere && isLive) io.paint("err", ERASE_LINE);
  }
}

/** Waits until a person has approved something in the browser, and shows the time left every second. */
export function awaitApproval<T>(app: App, end: number, work: () => Promise<T>): Promise<T> {
  const text = "Waiting for your approval in the browser…";
  return withProgress(app, text, async (say) => {
    const timer = setInterval(() => say(`${text} ${countdown(end - app.clock())} left`), 1000);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  });
}

/** `9:07`, in minutes and seconds; never negative. */
function countdown(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
