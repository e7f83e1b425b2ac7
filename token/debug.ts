import { channel } from "node:diagnostics_channel";
import { reasonOf } from "./errors/errors.ts";

/**
 * What the program reads, asks and decides, for `--debug`. A channel and not an argument, because files are read and servers
 * called far below the callers that would have to hand a logger down. It carries lines to a listener and nothing back, so no
 * result can depend on it. Source: Node, "Diagnostics Channel".
 */
export const DEBUG_CHANNEL = "kubectl-vouch:debug";

const CHANNEL = channel(DEBUG_CHANNEL);

/** Whether someone listens. */
export function isDebugging(): boolean {
  return CHANNEL.hasSubscribers;
}

/**
 * Reports what was done or decided, with its values: `region eu-west-1 (from AWS_REGION)`. Never a PIN, a token, a signature, a
 * body or a query string: the listener masks what looks like a secret, but cannot recognize them all.
 */
export function debug(line: string): void {
  if (isDebugging()) CHANNEL.publish(line);
}

/** Does the work, and reports its result and how long it took: `GET https://eks… → 200 in 35 ms`. */
export async function debugged<T>(
  what: string,
  work: () => Promise<T>,
  outcome: (value: T) => string | number,
): Promise<T> {
  const start = performance.now();
  const time = () => `${Math.round(performance.now() - start)} ms`;
  try {
    const value = await work();
    debug(`${what} → ${outcome(value)} in ${time()}`);
    return value;
  } catch (error) {
    debug(`${what} → failed in ${time()}: ${reasonOf(error)}`);
    throw error;
  }
}

/** How many errors of a chain of causes are shown. */
const CAUSES = 5;

/** An error's stack, and those of its causes. */
export function stacksOf(error: unknown, left = CAUSES): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? error.message;
  return error.cause === undefined || left === 1
    ? stack
    : `${stack}\ncaused by ${stacksOf(error.cause, left - 1)}`;
}

/** `340 B`, `1.2 kB` */
export function sizeText(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}

/** `good for 840 s` */
export function goodFor(ms: number): string {
  return `valid for ${Math.round(ms / 1000)} s`;
}

/** A text in which output of another program and our debug lines may be mixed, without those lines. */
export function withoutDebugLines(text: string): string {
  return text.replaceAll(/^debug \+\d+\.\d{3}s .*(?:\n|$)/gm, "");
}
