/**
 * Exit statuses of the program; 1 to 8 are those of the `vouch` CLI.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Errors".
 */
export const EXIT = {
  ok: 0,
  general: 1,
  logIn: 2,
  securityKey: 3,
  network: 4,
  permission: 5,
  configuration: 6,
  stepUp: 7,
  rateLimited: 8,
  usage: 64,
  bug: 70,
  found: 79,
  warned: 80,
  interrupted: 130,
} as const;

/** The consequences of a failure that we expect. */
export interface ErrorSpec {
  /** The program's exit status. */
  readonly exit: number;
  /** What to do next, with a command to paste if there is one. A throw site that knows more replaces it. */
  readonly hint: string;
}
