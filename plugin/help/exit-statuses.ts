import { EXIT } from "../../token/errors/errors.ts";

/** What each exit status means, for `help exit-status` and EXIT-STATUS.md. */
export const EXIT_STATUSES: readonly {
  readonly status: number;
  readonly means: string;
  readonly whatToDo: string;
}[] = [
  { status: EXIT.ok, means: "done", whatToDo: "" },
  { status: EXIT.general, means: "failed", whatToDo: "read the message" },
  { status: EXIT.logIn, means: "not logged in, or the session has ended", whatToDo: "`kubectl vouch login`" },
  {
    status: EXIT.securityKey,
    means: "security key: missing, wrong PIN, or not touched",
    whatToDo: "see the message",
  },
  {
    status: EXIT.network,
    means: "network: no response, or an unexpected one",
    whatToDo: "check the network, try again",
  },
  { status: EXIT.permission, means: "permission denied", whatToDo: "ask an admin, as the message shows" },
  {
    status: EXIT.configuration,
    means: "configuration: a file, a name or an option's value",
    whatToDo: "see the message",
  },
  {
    status: EXIT.stepUp,
    means: "the server requires a fresh login for this",
    whatToDo: "`kubectl vouch login --force`",
  },
  { status: EXIT.rateLimited, means: "too many requests", whatToDo: "wait, try again" },
  {
    status: EXIT.usage,
    means: "invalid command line, or a command that is not allowed in a kubeconfig",
    whatToDo: "`--help`",
  },
  { status: EXIT.bug, means: "a bug in kubectl-vouch", whatToDo: "report it" },
  { status: EXIT.found, means: "`doctor` found a fault or reached no verdict", whatToDo: "read its report" },
  {
    status: EXIT.warned,
    means: "`doctor --fail-on warning` found only warnings",
    whatToDo: "read its report",
  },
  { status: EXIT.interrupted, means: "interrupted", whatToDo: "" },
];
