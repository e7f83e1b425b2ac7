/** The consequences of a failure that we expect. */
export interface ErrorSpec {
  /** The program's exit status. */
  readonly exit: number;
  /** What to do next, with a command to paste if there is one. A throw site that knows more replaces it. */
  readonly hint: string;
}
