/**
 * The marks of one key: which process was told what, and when. One small file for each key, written over in place, since
 * to make a new file for every call costs as much as the rest of the answer.
 *
 * The warm path takes no lock for it. Whoever writes in the same moment as another may undo what that one wrote, and
 * whoever reads meanwhile may see half of each. Then a process has no mark, or one of its older ones: it is given a
 * refused token once more, or a fresh one is fetched once more. Never more than that, and never for one kubectl alone:
 * its calls follow each other, and each has left its mark before it ends.
 */

/**
 * How long after a first answer another call from the same process counts as the same burst, in milliseconds.
 * On a 401 kubectl calls again within 0.3 s, up to seven times.
 *
 * Source: token/eks/EKS-TOKEN.md, "Refused tokens".
 */
export const BURST_MS = 5000;

/** A mark takes so many characters, the rest of them spaces. With the longest numbers there are, 57 are used. */
const MARK_WIDTH = 64;

/** Length of the file, for the marks of 40 processes. It never shrinks, so nothing needs to be cut off. */
export const MARKS_LENGTH = 40 * MARK_WIDTH;

/** What was told to one parent process about one key, and when. */
export interface Mark {
  /** When the burst began, in milliseconds since 1970. */
  readonly first: number;
  /**
   * When the token that was given first expires: names it without telling of it. Two tokens of one key that end in the
   * same millisecond come from the same credentials or session, and are refused alike.
   */
  readonly expires: number;
  /** The token was already replaced in this burst. */
  readonly renewed: boolean;
  /** A call was put down to a process that asks twice, and not to a refusal. */
  readonly excused?: boolean;
}

/** The mark of a process in the text of a file. Undefined when there is none, it is torn, or the burst is over. */
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

/** The text of the file with one more mark before the others: that of the same process makes room, or the oldest. */
export function addMark(text: string, parentId: number, mark: Mark): string {
  const { first, expires, renewed, excused = false } = mark;
  const added = JSON.stringify([parentId, first, expires, renewed, excused]).slice(0, MARK_WIDTH);
  const older = startOfMark(text, parentId);
  const others = older < 0 ? text : text.slice(0, older) + text.slice(older + MARK_WIDTH);
  return (added.padEnd(MARK_WIDTH) + others).slice(0, MARKS_LENGTH).padEnd(MARKS_LENGTH);
}

/** Only where marks begin: an interpreter takes ten times as long to search every character. */
function startOfMark(text: string, parentId: number): number {
  const start = `[${parentId},`;
  for (let index = 0; index < MARKS_LENGTH; index += MARK_WIDTH) {
    if (text.startsWith(start, index)) return index;
  }
  return -1;
}
