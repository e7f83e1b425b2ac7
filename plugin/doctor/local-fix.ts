/** A fix on this machine that can be taken back. */
export interface LocalFix {
  /** One sentence: what it does. */
  readonly description: string;
  /** Shows what would change; prints a diff where there is one. */
  readonly show: () => Promise<void>;
  readonly apply: () => Promise<void>;
}
