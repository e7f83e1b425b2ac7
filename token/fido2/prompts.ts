/** Why a PIN cannot be right, found without asking the key. */
export type PinLengthProblem = "too-short" | "too-long";

export interface PinAsk {
  readonly keyName: string;
  /** Tries left before the key blocks its PIN for good; undefined if none was wasted or the key does not tell. */
  readonly attemptsLeft: number | undefined;
  /** The shortest PIN that the key accepts, in code points. */
  readonly minLength: number;
  /** A PIN was typed before and was not accepted. */
  readonly retry: boolean;
  /** What was wrong before. A PIN of an impossible length is not sent to the key and costs no try. */
  readonly problem: "wrong" | PinLengthProblem | "finger-refused" | "finger-blocked" | undefined;
}

/** What a user has to do at a key. */
export interface TouchAsk {
  readonly keyName: string;
  /**
   * Touch it; touch it with a registered finger; touch the key to use, if there are several; or do what the system's own dialog
   * requires.
   */
  readonly action: "touch" | "finger" | "choose" | "dialog";
  /** How many more fingers may be refused, after one was. */
  readonly attemptsLeft?: number | undefined;
}

/** An account that the user may choose. Keys report names only if there are several accounts. */
export interface KeyAccount {
  readonly name: string | undefined;
  readonly displayName: string | undefined;
}

/** How a login talks to its user. Functions that are still waiting for an answer are abandoned when the login is interrupted. */
export interface AssertionPrompts {
  /** Asks for the PIN. Resolves to undefined if there is no way to ask. */
  readonly pin: (ask: PinAsk) => Promise<string | undefined>;
  /** No key is plugged in, and we wait for one. Called once for each search. */
  readonly insertKey: () => void;
  /** The key was unplugged during the login, which starts again with the next key that is plugged in. */
  readonly unplugged: () => void;
  /** The key waits for a user. Called once for each wait; what it returns is called when the wait is over. */
  readonly touch: (ask: TouchAsk) => () => void;
  /** Another program is using the key, and we wait for it. Called once for each key. */
  readonly busy: () => void;
  /** Chooses among several accounts of this server on the key, newest first: returns an index. If absent, the newest is used. */
  readonly choose?: (accounts: readonly KeyAccount[]) => Promise<number>;
}

export interface NewPinAsk {
  readonly keyName: string;
  /** In code points. */
  readonly minLength: number;
  /** The key has a PIN, and requires it to be changed. */
  readonly isChange: boolean;
  /** What was wrong with the one typed before. */
  readonly problem: "different" | "refused" | PinLengthProblem | undefined;
}

/** How a registration talks to its user. */
export interface RegistrationPrompts extends AssertionPrompts {
  /** Has a new PIN typed twice, and returns both inputs. Resolves to undefined if there is no way to ask. */
  readonly newPin: (ask: NewPinAsk) => Promise<readonly [string, string] | undefined>;
}
