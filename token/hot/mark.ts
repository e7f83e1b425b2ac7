/**
 * How long after a first answer another call from the same process counts as the same burst, in milliseconds.
 * On a 401 kubectl calls again within 0.3 s, up to seven times.
 *
 * Source: design, 4.4.
 */
export const BURST_MS = 5000;

/** What was told to one parent process about one key, and when. */
export interface Mark {
  /** When the burst began, in milliseconds since 1970. */
  readonly first: number;
  /**
   * When the token that was given first expires: names it without telling of it. Two tokens of one key that end in the
   * same millisecond come from the same credentials or session, and are refused alike.
   */
  readonly expires: number;
  /** The token was already minted anew in this burst. */
  readonly renewed: boolean;
  /** A call was put down to a process that asks twice, and not to a refusal. */
  readonly excused?: boolean;
}

/** Reads a mark that still counts at `now`. Undefined when there is none, or the burst is over. */
export function readMark(text: string | undefined, now: number): Mark | undefined {
  if (text === undefined) return undefined;
  try {
    const mark = JSON.parse(text) as Partial<Mark> | null;
    if (
      typeof mark?.first !== "number" ||
      typeof mark.expires !== "number" ||
      typeof mark.renewed !== "boolean"
    )
      return undefined;
    return mark.first <= now && now - mark.first < BURST_MS ? (mark as Mark) : undefined;
  } catch {
    return undefined;
  }
}
