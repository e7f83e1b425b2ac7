import type { Command } from "../../../token/command/command.ts";
import type { Sentence } from "../../../token/command/sentence.ts";
import type { Action, Audience } from "../fix.ts";
import type { Change } from "./change.ts";
import type { Check } from "./check.ts";

/** One step of a plan: a change, its commands, and how to undo it. */
export interface Step {
  readonly change: Change;
  /** Indexes of the cases that need it. */
  readonly cases: readonly number[];
  readonly audience: Audience;
  readonly description: Sentence;
  /** What must still hold before it, as it replaces something. */
  readonly checks: readonly Check[];
  /** What it changes, in words; undefined: that is not known. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly actions: readonly Action[];
  /** None: it cannot be undone. */
  readonly undo: readonly Command[];
  /** Indexes of steps without which it fails. */
  readonly needs: readonly number[];
  /** Whether a program can carry it out: nothing in it must be filled in or edited. */
  readonly isComplete: boolean;
}
