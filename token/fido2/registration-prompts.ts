import type { AssertionPrompts } from "./assertion-prompts.ts";
import type { PinLengthProblem } from "./pin.ts";

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
