import type { LabClock } from "../clock.ts";

/** Remembers what may be used only once, for as long as it could be used again. */
export interface UsedIds {
  /** False when this id is already remembered; otherwise remembers it until `untilMs` (epoch ms). */
  use(id: string, untilMs: number): boolean;
}

export function usedIds(clock: LabClock): UsedIds {
  const until = new Map<string, number>();
  return {
    use(id, untilMs) {
      if ((until.get(id) ?? Number.NEGATIVE_INFINITY) > clock()) return false;
      until.set(id, untilMs);
      return true;
    },
  };
}
