/**
 * The marks of one key: which process got which answer, and when. One small file for each key, overwritten in place, since
 * creating a file for every call would cost as much as the rest of the answer.
 *
 * The warm path takes no lock for it. A process that writes at the same time as another may undo that one's mark, and one that
 * reads meanwhile may see half of each. Then a process has no mark, or one of its older ones: it is given a refused token once
 * more, or a fresh one is fetched once more. Never more than that, and never for one kubectl alone: its calls follow each other,
 * and each has left its mark before it ends.
 */

/**
 * How long after a first answer another call from the same process counts as the same burst, in milliseconds.
 * On a 401 kubectl calls again within 0.3 s, up to seven times.
 *
 * Source: token/eks/EKS-TOKEN.md, "Refused tokens".
 */
export const BURST_MS = 5000;

/** The width of a mark in characters, padded with spaces. With the longest possible numbers, 57 are used. */
const MARK_WIDTH = 64;

/** Length of the file, with room for the marks of 40 processes. It never shrinks, so nothing needs to be truncated. */
export const MARKS_LENGTH = 40 * MARK_WIDTH;

/** What one parent process was answered about one key, and when. */
export interface Mark {
  /** When the burst began, in milliseconds since 1970. */
  readonly first: number;
  /**
   * When the token that was given first expires: identifies it without revealing it. Two tokens of one key that end in the same
   * millisecond come from the same credentials or session, and are refused alike.
   */
  readonly expires: number;
  /** The token has already been replaced in this burst. */
  readonly renewed: boolean;
  /** A repeated call was attributed to a process that asks twice anyway, not to a refusal. */
  readonly excused?: boolean;
}

/** The mark of a process in the text of a file. Undefined if there is none, it is torn, or the burst is over. */
export function findMark(text: string, parentId: number, now: number): Mark | undefined {
  const start = startOfMark(text, parentId);
  if (start < 0) return undefined;
  try {
    const mark = JSON.parse(text.slice(start, start + MARK_WIDTH)) as readonly unknown[];
    const first = mark[1];
    const expires = mark[2];
    const renewed = mark[3];
    const excused = mark[4];
    if (
      typeof first !== "number" ||
      typeof expires !== "number" ||
      typeof renewed !== "boolean" ||
      typeof excused !== "boolean"
    )
      return undefined;
    return first <= now && now - first < BURST_MS ? { first, expires, renewed, excused } : undefined;
  } catch {
    return undefined;
  }
}

/** The text of the file with one more mark before the others, replacing an older one of the same process, or else the oldest. */
export function addMark(text: string, parentId: number, mark: Mark): string {
  const { first, expires, renewed, excused = false } = mark;
  const added = JSON.stringify([parentId, first, expires, renewed, excused]).slice(0, MARK_WIDTH);
  const older = startOfMark(text, parentId);
  const others = older < 0 ? text : text.slice(0, older) + text.slice(older + MARK_WIDTH);
  return (added.padEnd(MARK_WIDTH) + others).slice(0, MARKS_LENGTH).padEnd(MARKS_LENGTH);
}

/** Only at the start of each mark: in an interpreter, searching every character takes ten times as long. */
function startOfMark(text: string, parentId: number): number {
  const start = `[${parentId},`;
  for (let index = 0; index < MARKS_LENGTH; index += MARK_WIDTH) {
    if (text.startsWith(start, index)) return index;
  }
  return -1;
}
