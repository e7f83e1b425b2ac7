import type { PinLengthProblem } from "./pin.ts";

export interface PinAsk {
  readonly keyName: string;
  /** Tries left before the key blocks its PIN for good; undefined when none was wasted or the key does not tell. */
  readonly attemptsLeft: number | undefined;
  /** The shortest PIN that the key takes, in code points. */
  readonly minLength: number;
  /** A PIN was typed before and did not do. */
  readonly retry: boolean;
  /** What was the matter before. A PIN of an impossible length is not shown to the key and costs no try. */
  readonly problem: "wrong" | PinLengthProblem | "finger-refused" | "finger-blocked" | undefined;
}

/** What a person is to do at a key. */
export interface TouchAsk {
  readonly keyName: string;
  /** Touch it; lay a finger on it that it knows; or touch the one to use, of several. */
  readonly action: "touch" | "finger" | "choose";
  /** Fingers that may still be refused, where one was. */
  readonly attemptsLeft?: number | undefined;
}

/** What the user is shown to choose from. Keys give names only when there are several accounts. */
export interface KeyAccount {
  readonly name: string | undefined;
  readonly displayName: string | undefined;
}

/** How a login speaks to its user. Every function that asks is left alone when the login is interrupted. */
export interface AssertionPrompts {
  /** Asks for the PIN. Resolves to undefined when there is no way to ask. */
  readonly pin: (ask: PinAsk) => Promise<string | undefined>;
  /** No key is plugged in and we wait for one. Called once for each search. */
  readonly insertKey: () => void;
  /** The key was unplugged in the middle; the login begins again with the next that is plugged in. */
  readonly unplugged: () => void;
  /** The key waits for a person. Called once for each wait; what it returns is called when the wait is over. */
  readonly touch: (ask: TouchAsk) => () => void;
  /** Another program is using the key and we wait for it. Called once for each key. */
  readonly busy: () => void;
  /** Several accounts of this server are on the key, newest first: the index of the one to use. The newest when absent. */
  readonly choose?: (accounts: readonly KeyAccount[]) => Promise<number>;
}
