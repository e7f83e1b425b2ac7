import { spawn } from "node:child_process";
import fs from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** A server in a process of its own. */
export interface BackgroundProgram {
  /** Everything it has said so far. */
  log(): string;
  /** Waits until it says so, or until the condition is true. Fails if it takes too long, with its last output. */
  until(holds: () => boolean | Promise<boolean>, what: string): Promise<void>;
  /** At once, by SIGKILL: on SIGTERM kube-apiserver waits for its watches, and aws-iam-authenticator goes on serving. */
  stop(): Promise<void>;
}

interface BackgroundOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** File for both its streams, created anew. */
  readonly logFile: string;
  readonly cwd: string;
}

const PATIENCE_MS = 60_000;
const STEP_MS = 20;

/**
 * A shell stands between us and the program: it kills it when its own standard input ends, so that nothing goes on running
 * when this process is killed; and it ends with it.
 */
const KEEPER = 'exec 3<&0; "$@" & pid=$!; (cat <&3 > /dev/null; kill -9 "$pid") & wait "$pid"';

export function startInBackground(
  command: readonly string[],
  { env = {}, logFile, cwd }: BackgroundOptions,
): BackgroundProgram {
  const log = fs.openSync(logFile, "w", 0o600);
  const keeper = spawn("/bin/sh", ["-c", KEEPER, "sh", ...command], {
    cwd,
    env: { PATH: "/usr/bin:/bin", HOME: cwd, ...env },
    stdio: ["pipe", log, log],
  });
  fs.closeSync(log);
  let hasEnded = false;
  const ended = new Promise<void>((resolve) =>
    keeper.once("exit", () => {
      hasEnded = true;
      resolve();
    }),
  );
  const said = () => fs.readFileSync(logFile, "utf8");
  return {
    log: said,
    async until(holds, what) {
      const end = Date.now() + PATIENCE_MS;
      while (!(await holds())) {
        const failure = hasEnded ? "it ended" : Date.now() > end ? "it took too long" : undefined;
        if (failure !== undefined)
          throw new Error(`${command[0]}, ${what}: ${failure}. It said:\n${said().slice(-4000)}`);
        await delay(STEP_MS);
      }
    },
    stop() {
      keeper.stdin?.end();
      return ended;
    },
  };
}
