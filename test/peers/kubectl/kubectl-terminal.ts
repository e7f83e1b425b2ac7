import { spawn } from "node:child_process";

/** What is typed once a text has appeared on the screen. */
export interface Typed {
  readonly after: string;
  readonly text: string;
}

export interface TerminalResult {
  readonly status: number;
  /** All that appeared, with the line ends of a terminal. */
  readonly screen: string;
}

/**
 * Runs a command line of sh on a pseudo-terminal, by `script` of util-linux: kubectl then finds standard input to be a
 * terminal. Unless the environment says otherwise, colours and drawing are off, so that the screen can be compared.
 */
export function runInTerminal(
  command: string,
  { env, typed = [] }: { readonly env: Readonly<Record<string, string>>; readonly typed?: readonly Typed[] },
): Promise<TerminalResult> {
  const [next] = typed;
  let waiting = next;
  let screen = "";
  return new Promise((resolve, reject) => {
    const child = spawn("/usr/bin/script", ["-qec", command, "/dev/null"], {
      env: { TERM: "dumb", NO_COLOR: "1", ...env },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`${command} did not end; the screen shows: ${screen}`));
    }, 240_000);
    child.stdin.on("error", () => undefined);
    child.stdout.on("data", (chunk: Buffer) => {
      screen += chunk.toString();
      if (waiting === undefined || !screen.includes(waiting.after)) return;
      child.stdin.write(waiting.text);
      waiting = typed[typed.indexOf(waiting) + 1];
    });
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", (status) => {
      clearTimeout(timer);
      resolve({ status: status ?? -1, screen });
    });
  });
}
