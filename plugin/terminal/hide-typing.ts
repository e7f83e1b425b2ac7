import { spawnSync } from "node:child_process";
import fs from "node:fs";

/** By its absolute path, which only root can change. */
const STTY = "/bin/stty";

/**
 * Whole lines without echo: what the terminals of macOS look for before they turn on Secure Input, which stops other programs from
 * reading the keyboard. Node's raw mode would turn lines off, too. Ctrl-C ends the line as one of its letters, so that, as in raw
 * mode, it reaches us and not kubectl.
 */
const HIDDEN = ["-echo", "icanon", "-isig", "eol", "^C"];

/** Reading returns at once, with what was pasted behind the line. */
const UNREAD = ["-icanon", "min", "0", "time", "0"];

/** Returns what restores the terminal, which also happens if the process exits; undefined if the terminal cannot be changed. */
export function hideTyping(terminal: number): (() => void) | undefined {
  const before = stty(terminal, ["-g"]);
  if (before === undefined) return undefined;
  const restore = () => {
    process.off("exit", restore);
    discardUnread(terminal);
    stty(terminal, [before]);
  };
  process.on("exit", restore);
  if (stty(terminal, HIDDEN) !== undefined) return restore;
  restore();
  return undefined;
}

function discardUnread(terminal: number): void {
  if (stty(terminal, UNREAD) === undefined) return;
  try {
    while (fs.readSync(terminal, Buffer.alloc(4096)) > 0);
  } catch {
    return;
  }
}

/** What `stty` printed; undefined if it failed. */
function stty(terminal: number, words: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(STTY, words, {
    stdio: [terminal, "pipe", "ignore"],
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : undefined;
}
