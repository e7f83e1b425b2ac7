import type { Mark } from "../../token/hot/mark.ts";
import type { FakeHostOptions } from "./hot-host.ts";

/** A mark, and who has it. */
export interface LeftMark extends Mark {
  readonly parentId: number;
}

/** One case of the hot path: how it differs from the plain warm call, and whether it may answer. */
export interface HotCase {
  readonly name: string;
  readonly answers: boolean;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: number;
  /** Files added or replaced; undefined removes one. */
  readonly files?: Readonly<Record<string, string | undefined>>;
  readonly exposed?: readonly string[];
  readonly readOnly?: boolean;
  /** Whether it needs a clock that stands still. */
  readonly stillClock?: boolean;
  /**
   * The mark it leaves before those that are there. Absent: none, or that of a first answer in a new file.
   */
  readonly leaves?: LeftMark;
  /** Whether its mark is in the file of another key. */
  readonly marksElsewhere?: boolean;
}

/** When the table plays, from which process, and by which version of ours. */
export interface HotWorld {
  readonly noon: number;
  readonly parentId: number;
  readonly version: string;
}

/** The table that all hosts must satisfy: in memory, on Node, and in the launcher. */
export interface HotTable {
  readonly cases: readonly HotCase[];
  readonly tokenFile: string;
  readonly markFile: string;
  /** The whole situation of a case. */
  situation(hotCase: HotCase): FakeHostOptions;
  /** The whole text of the file of marks after a case whose clock stands still; undefined if there is none. */
  marksAfter(hotCase: HotCase): string | undefined;
}
