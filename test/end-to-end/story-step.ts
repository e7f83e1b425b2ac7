import type { Lab } from "../lab/lab.ts";
import type { Call } from "./lab-person.ts";

/** One command of the story. */
export interface Step {
  readonly name: string;
  /** The words after `kubectl-vouch`. */
  readonly words: readonly string[];
  readonly call?: Call;
  /** What breaks at the servers before it. They are restored after it. */
  readonly fault?: (lab: Lab) => void;
  /** What breaks on the machine before it; the result restores it. */
  readonly harm?: (lab: Lab) => () => void;
  /** How it must end; 0 when absent. */
  readonly status?: number;
  /** Nothing is cached before it. */
  readonly cold?: boolean;
  /** Without debug lines: then a cached token is answered by the warm path. */
  readonly plain?: boolean;
}
