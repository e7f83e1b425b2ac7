import { debugged } from "../../token/debug.ts";
import { reasonOf } from "../../token/errors/errors.ts";
import type { DoctorEvidence } from "../evidence/evidence.ts";
import type { ProbedPart } from "../evidence/parts.ts";
import { type Asking, newProbeSecrets, type Probe, type ProbeSecrets } from "./probe.ts";
import type { ProbeHost } from "./probe-host.ts";

export interface GatherOptions {
  readonly host: ProbeHost;
  /** Evidence that exists already: the question, parts of a bundle. */
  readonly start: DoctorEvidence;
  readonly signal: AbortSignal;
  /** Time limit for one probe, in milliseconds. */
  readonly limitMs: number;
  /** Time limit for all of them, in milliseconds; absent: as long as the slowest chain takes. */
  readonly totalMs?: number | undefined;
  /** Of earlier probes of the same context; absent: none. */
  readonly secrets?: ProbeSecrets | undefined;
  /** Called when a probe begins and ends, for a progress line. */
  readonly observe?: (event: { readonly probe: Probe; readonly state: "started" | "ended" }) => void;
}

/**
 * Runs probes in parallel, each as soon as the parts that it needs have been gathered or have failed. A probe that throws or
 * takes too long leaves its reason in the bundle. The wall time is that of the slowest chain, limited by the total time if given.
 * Rejects only if the user interrupts.
 */
export async function gather(probes: readonly Probe[], options: GatherOptions): Promise<DoctorEvidence> {
  const { start, host, observe, totalMs, secrets = newProbeSecrets() } = options;
  const parts = new Map<ProbedPart, unknown>();
  const evidence = (): DoctorEvidence => ({ ...start, ...Object.fromEntries(parts) });
  const chosen = probes.filter(
    ({ gathers, worksOffline }) => start[gathers] === undefined && (worksOffline === true || host.online),
  );
  const running = new Map<ProbedPart, Promise<void>>();
  const whole = new AbortController();
  const end = whole.signal;
  const timer = totalMs === undefined ? undefined : setTimeout(() => whole.abort(), totalMs);

  const ask = async (probe: Probe): Promise<void> => {
    await these(probe.needs ?? []);
    observe?.({ probe, state: "started" });
    const part = await askInTime(probe, { evidence: evidence(), host, secrets }, { ...options, end });
    if (part !== undefined) parts.set(probe.gathers, part);
    observe?.({ probe, state: "ended" });
  };
  const these = (keys: readonly ProbedPart[]) =>
    Promise.all(chosen.filter(({ gathers }) => keys.includes(gathers)).map(once));
  const once = (probe: Probe): Promise<void> => {
    const work = running.get(probe.gathers) ?? ask(probe);
    running.set(probe.gathers, work);
    return work;
  };
  try {
    await Promise.all(chosen.map(once));
  } finally {
    clearTimeout(timer);
  }
  return evidence();
}

/**
 * The part, or why there is none. A probe that is still running at its time limit is aborted, and not waited for. `end` is aborted
 * when the total time is up.
 */
async function askInTime(
  probe: Probe,
  asking: Omit<Asking, "signal">,
  { signal, limitMs, totalMs = 0, end }: GatherOptions & { readonly end: AbortSignal },
): Promise<unknown> {
  const control = new AbortController();
  const ends = new Promise<never>((_, reject) => {
    control.signal.addEventListener("abort", () => reject(control.signal.reason), { once: true });
  });
  ends.catch(() => undefined);
  const interrupt = () => control.abort(signal.reason);
  const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
  const isOver = () =>
    control.abort(new Error(`no answer within the time for this context, ${seconds(totalMs)}`));
  const timer = setTimeout(() => control.abort(new Error(`no answer within ${seconds(limitMs)}`)), limitMs);
  listen(signal, interrupt);
  listen(end, isOver);
  try {
    return await debugged(
      `probe ${probe.gathers}`,
      () =>
        control.signal.aborted
          ? ends
          : Promise.race([ends, probe.ask({ ...asking, signal: control.signal })]),
      (part) => (part === undefined ? "nothing to gather" : "gathered"),
    );
  } catch (error) {
    if (signal.aborted) throw error;
    return { failed: reasonOf(control.signal.aborted ? control.signal.reason : error) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", interrupt);
    end.removeEventListener("abort", isOver);
  }
}

/** Calls the listener immediately if the signal is already aborted. */
function listen(signal: AbortSignal, listener: () => void): void {
  if (signal.aborted) listener();
  else signal.addEventListener("abort", listener, { once: true });
}
