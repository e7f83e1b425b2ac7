import type { AssertionPrompts } from "./assertion-prompts.ts";
import type { PinLengthProblem } from "./pin.ts";

export interface NewPinAsk {
  readonly keyName: string;
  /** In code points. */
  readonly minLength: number;
  /** The key has a PIN, and demands another. */
  readonly isChange: boolean;
  /** What was the matter with the one typed before. */
  readonly problem: "different" | "refused" | PinLengthProblem | undefined;
}

/** How a registration speaks to its user. */
export interface RegistrationPrompts extends AssertionPrompts {
  /** Has a new PIN typed twice, as it was typed each time. Resolves to undefined when there is no way to ask. */
  readonly newPin: (ask: NewPinAsk) => Promise<readonly [string, string] | undefined>;
}
