import type { Options, Run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import type { Hints } from "../../token/errors/with-hints.ts";
import { authorityHint } from "../aws/authority-hint.ts";
import type { SourceChoice } from "../aws/source-choice.ts";
import { EKS_FLAG_RULES } from "./setup-flags.ts";

interface HintOptions {
  readonly all: boolean;
  readonly describeProfile: string | undefined;
}

/** What to do about failures of a setup, by code; `again` is the command as it was given. */
export function setupHints({ kind }: SourceChoice, { all, describeProfile }: HintOptions, again: Run): Hints {
  return {
    ...(kind === "aws" ? { "aws-untrusted": authorityHint(again) } : {}),
    "aws-denied": deniedHint({ all, describeProfile }, again),
  };
}

/** Two calls may be refused: the one that lists clusters, and the one that describes one. */
function deniedHint({ all, describeProfile }: HintOptions, again: Run): string {
  const ask = "Ask an IAM administrator to allow this action";
  const withOptions = (options: Options): Run => ({ ...again, options });
  if (all) {
    const one = Object.entries(again.options).filter(([flag]) => !OF_ALL.has(flag));
    return withCommands`${ask}, or specify the cluster: ${withOptions({ ...Object.fromEntries(one), cluster: "NAME" })}`;
  }
  if (describeProfile !== undefined) return `${ask}.`;
  const other = withOptions({ ...again.options, "describe-profile": "NAME" });
  return withCommands`${ask}, or describe the cluster with a different AWS profile: ${other}`;
}

/** Flags that mean something only with `--all`. */
const OF_ALL: ReadonlySet<string> = new Set([
  "all",
  ...EKS_FLAG_RULES.needs.flatMap(({ flag, needed }) => (needed === "all" ? [flag] : [])),
]);
