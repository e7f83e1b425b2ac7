import type { ErrorCode } from "../../../../../token/errors/errors.ts";
import type { Scene } from "./scene.ts";

/** What a refusal says, and how the program ends. */
interface Refused {
  readonly says: RegExp;
  readonly exit: number;
}

/** Whose credentials come, in the words of `scene.ts`, or a refusal. */
export type Outcome = string | Refused;

/** What a version says that is newer than the one which is run; recorded from AWS CLI 2.36.7. */
interface Recorded extends Refused {
  readonly why: string;
}

/**
 * Files, variables and what lies in somebody's home, and what comes of it before STS. `HOME` in the files is that home; keys are
 * those of the users C, D and E.
 */
export interface OutcomeCase {
  /** Number of the row, and a letter where it has several. */
  readonly row: string;
  readonly name: string;
  readonly config?: string;
  readonly credentials?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly profile?: string;
  /** Puts what else there is into the home and the world, before each program. */
  readonly given?: (scene: Scene) => void;
  /** What a person types when asked for a code; undefined: nobody is there. */
  readonly mfaCode?: string;
  /** The AWS CLI asks a person, or ends before it reads its words: it is run by itself. */
  readonly isAlone?: true;
  /** Ours: whose, or status, code and words. */
  readonly ours: string | readonly [exit: number, code: ErrorCode, says: RegExp];
  /** AWS CLI 2 of Debian. */
  readonly cli2: Outcome;
  /** AWS CLI 1; undefined: as version 2, and every refusal ends with 255. */
  readonly cli1?: Outcome;
  /** The default chain of the AWS SDK for JavaScript: whose, or what its refusal says. */
  readonly sdk: string | RegExp;
  /** Where a newer AWS CLI 2 does otherwise than the one that is run. */
  readonly newerCli2?: Recorded | { readonly who: string; readonly why: string };
  /** Why we differ on purpose from the AWS CLI. */
  readonly why?: string;
}

/** With a misspelt or failing profile the SDK's default chain goes on, and ends at the machine's role. */
export const MACHINE = "Node";
export const NEVER_ANOTHER = "a profile that somebody names is never another identity";

export const CLI_2_9 = "Debian's AWS CLI 2 is 2.9.19";
export const NAMED_AFTER_USER =
  "the audit log says who it was: AWS's tools name the session after themselves";
