/** What a failure that we expect comes to. */
export interface ErrorSpec {
  /** The program's exit status. */
  readonly exit: number;
  /** What to do next, with a command to paste where there is one. A throw site that knows more says its own. */
  readonly hint: string;
}
