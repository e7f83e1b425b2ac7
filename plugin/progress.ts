import type { App } from "./app.ts";

/** How long something may take before it is worth a word, in milliseconds. Source: issue 3, section 3. */
const QUIET_MS = 200;

/**
 * Runs slow work and says on stderr what is going on once it has taken 200 ms; nothing when it was quick. On a
 * terminal the line is taken away again afterwards.
 */
export async function withProgress<T>(
  app: App,
  text: string,
  work: (say: (text: string) => void) => Promise<T>,
): Promise<T> {
  const { io } = app;
  let shown = false;
  let current = text;
  const show = () => {
    io.err(
      io.stderrIsTerminal ? `\r\u001b[K${current.slice(0, Math.max(10, io.columns - 1))}` : `${current}\n`,
    );
    shown = true;
  };
  const timer = setTimeout(show, QUIET_MS);
  try {
    return await work((next) => {
      if (next === current) return;
      current = next;
      if (shown) show();
    });
  } finally {
    clearTimeout(timer);
    if (shown && io.stderrIsTerminal) io.err("\r\u001b[K");
  }
}
