import type { FixFormat } from "../../../doctor/fixes/fix-format.ts";
import type { ShellOrGuess } from "../../../token/command/render-command.ts";

/** The values of `-o`. */
export const REPORT_CHOICES = [
  "text",
  "json",
  "yaml",
  "junit",
  "github",
  "short",
  "message",
  "html",
] as const;
export type ReportChoice = (typeof REPORT_CHOICES)[number];

/** What makes the exit status other than 0. */
export const FAIL_CHOICES = ["error", "warning", "never"] as const;
export type FailChoice = (typeof FAIL_CHOICES)[number];

/** The question, as the command line puts it. */
export interface AskedOptions {
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  /** Overrides the namespace. */
  readonly allNamespaces: boolean;
  /** `VERB RESOURCE[.GROUP][/NAME] [-n NS]` */
  readonly for: string | undefined;
  /** A pasted error; `-` reads it from standard input. */
  readonly error: string | undefined;
  readonly principal: string | undefined;
  /** What follows `--`: a command of kubectl, or of any other client, to run. */
  readonly command: readonly string[];
  readonly kubeconfig: string | undefined;
}

export interface DoctorOptions extends AskedOptions {
  /** Set even if only `match` was given. */
  readonly allContexts: boolean;
  /** Glob for names of contexts. */
  readonly match: string | undefined;
  readonly pre: boolean;
  readonly offline: boolean;
  /** Files, folders of files, or `-`; none: a context is checked. */
  readonly evidence: readonly string[];
  /** Fill in what the bundle lacks, with the permissions of the user who runs this. */
  readonly complete: boolean;
  readonly save: string | undefined;
  readonly redact: boolean;
  readonly only: string | undefined;
  readonly skip: string | undefined;
  readonly failOn: FailChoice;
  /** How long to keep checking until nothing is wrong, in seconds. */
  readonly wait: number | undefined;
  readonly list: boolean;
  readonly output: ReportChoice;
  readonly verbose: boolean;
  readonly fixFormat: FixFormat;
  readonly shell: ShellOrGuess;
  readonly fix: boolean;
  /** Apply what --fix offers, without asking. */
  readonly yes: boolean;
}
