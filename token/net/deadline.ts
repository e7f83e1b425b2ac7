import { VouchError } from "../errors/errors.ts";

interface DeadlineOptions {
  readonly host: string;
  readonly connectMs: number;
  readonly totalMs: number;
  readonly signal: AbortSignal | undefined;
  /** The error if something before the host is still keeping us waiting when the time to connect, or all of it, is up. */
  readonly held?: ((waitedMs: number) => VouchError | undefined) | undefined;
}

/** Ends one request when its time is up or the user interrupts it, and knows which of these it was. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Stops the timer for connecting; the one for the whole request continues. */
  connected(): void;
  /** Why we ended the request, if we did. */
  reason(): VouchError | undefined;
  /** Stops both timers and closes the connection. */
  close(): void;
}

export function deadline({ host, connectMs, totalMs, signal, held }: DeadlineOptions): Deadline {
  const control = new AbortController();
  let reason: VouchError | undefined;
  const end = (error: VouchError) => {
    reason ??= error;
    control.abort();
  };
  const interrupt = () => end(new VouchError("interrupted", `The request to ${host} was interrupted.`));
  const late = (what: string, ms: number) => {
    const message = `${host} did not ${what} within ${ms / 1000} s.`;
    end(held?.(ms) ?? new VouchError("server-unreachable", message, { cause: timeoutError(message) }));
  };

  const connecting = setTimeout(() => late("accept a connection", connectMs), connectMs);
  const whole = setTimeout(() => late("answer", totalMs), totalMs);
  if (signal?.aborted === true) interrupt();
  else signal?.addEventListener("abort", interrupt, { once: true });

  return {
    signal: control.signal,
    connected: () => clearTimeout(connecting),
    reason: () => reason,
    close() {
      clearTimeout(connecting);
      clearTimeout(whole);
      signal?.removeEventListener("abort", interrupt);
      control.abort();
    },
  };
}

/** An error with the name by which the AWS SDK, and others, recognize a timeout. */
export function timeoutError(message: string): Error {
  return Object.assign(new Error(message), { name: "TimeoutError" });
}

/** The timeout that caused an error of ours, if one did. */
export function timeoutBehind(error: unknown): Error | undefined {
  const cause = error instanceof VouchError ? error.cause : error;
  return cause instanceof Error && cause.name === "TimeoutError" ? cause : undefined;
}
