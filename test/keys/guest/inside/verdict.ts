/** What a guest says of one scenario, in a line of JSON. */
export interface Verdict {
  readonly scenario: string;
  readonly ms: number;
  /** An error's stack. */
  readonly failure?: string;
}
