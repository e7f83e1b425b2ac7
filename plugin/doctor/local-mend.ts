/** Something on this machine that can be put right, and taken back. */
export interface LocalMend {
  /** One sentence: what it does. */
  readonly does: string;
  /** Shows what would change; prints a diff where there is one. */
  readonly show: () => Promise<void>;
  readonly apply: () => Promise<void>;
}
