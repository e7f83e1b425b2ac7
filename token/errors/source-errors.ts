import type { ErrorSpec } from "./error-spec.ts";
import { EXIT } from "./exit-status.ts";

/** Failures of what gives AWS credentials: keys, roles, processes, token files, containers and machines. */
export const SOURCE_ERRORS = {
  "aws-keys-expired": {
    exit: EXIT.logIn,
    hint: "Fetch new keys with the program that wrote these, then run the command again.",
  },
  "mfa-code-needed": {
    exit: EXIT.stepUp,
    hint: "Give the code in a terminal: `kubectl vouch login --profile NAME`.",
  },
  "mfa-code-wrong": {
    exit: EXIT.stepUp,
    hint: "Wait for the next code and give that: `kubectl vouch login --profile NAME`.",
  },
} as const satisfies Record<string, ErrorSpec>;
