/** Where a software key is plugged in: behind /dev/uhid, or as a USB device of this very machine. */
export type KeyPlace = "uhid" | "usb";

/** What the tests tell the key's process to do. */
export interface KeyOrder {
  readonly number: number;
  readonly place: KeyPlace;
  /**
   * plug, unplug: the whole device. hold: from now on nobody touches it before `touch`; `at-once` undoes that.
   * touch: a person touches the key that blinks. watch: answers with what was seen.
   */
  readonly verb: "plug" | "unplug" | "hold" | "at-once" | "touch" | "watch";
  /** With `plug`: it is unplugged by itself when this many reports have come. */
  readonly reports?: number | undefined;
}

/** What came from the host's programs since the process began. */
export interface SeenReports {
  readonly reports: number;
  /** What was wrong with those that were none: the first few. */
  readonly malformed: readonly string[];
}

/** What the key's process says: that an order is done, or that a key waits for a touch. */
export type KeyWord =
  | { readonly done: number; readonly seen: SeenReports }
  | { readonly failed: number; readonly why: string }
  | { readonly blinks: KeyPlace };
