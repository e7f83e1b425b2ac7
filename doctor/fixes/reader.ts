import type { Command, Run } from "../../token/command/command.ts";
import { type RenderedCommand, renderCommand, type Shell } from "../../token/command/render-command.ts";
import { type Sentence, sentenceText } from "../../token/command/sentence.ts";
import type { Audience } from "./fix.ts";

/** The user who reads commands, and pastes them. */
export interface Reader {
  readonly shell: Shell;
  /** The file that they gave with `--kubeconfig`: without it, a command would read or change another file. */
  readonly kubeconfig?: string | undefined;
  /** The context that was asked about, if it is not the current one: without it, a command would call another cluster. */
  readonly context?: string | undefined;
  /** Whether they ask about another user: then the context is that of an admin. */
  readonly isAdmin?: boolean | undefined;
  /** Whether the case was saved, perhaps on another machine. */
  readonly isSaved?: boolean | undefined;
}

/** For a user to replace, as all placeholders. */
const ADMIN_CONTEXT = "ADMIN_CONTEXT";

/**
 * Who pastes what is meant for this audience. An admin has contexts of their own: where the caller's is not the current one, a
 * placeholder stands for the admin's, so that no command changes another cluster. A saved case is read elsewhere, with another
 * kubeconfig.
 */
export function readerFor(audience: Audience, asker: Reader): Reader {
  if (audience === "you" || asker.isAdmin === true) return asker;
  if (asker.isSaved === true) return { shell: asker.shell };
  return { ...asker, context: asker.context === undefined ? undefined : ADMIN_CONTEXT };
}

/** Renders a command, with the intended kubeconfig and context. */
export function commandFor(command: Command, reader: Reader): RenderedCommand {
  return renderCommand(asMeant(command, reader), reader.shell);
}

/** Renders a sentence; each command in it has the intended kubeconfig and context. */
export function sentenceFor(value: Sentence, reader: Reader): string {
  const parts =
    typeof value === "string"
      ? value
      : value.map((part) => (typeof part === "string" ? part : asMeant(part, reader)));
  return sentenceText(parts, reader.shell);
}

/** A command with the intended kubeconfig and context. */
export function asMeant(command: Command, reader: Reader): Command {
  switch (command.kind) {
    case "run":
      return runAsMeant(command, reader);
    case "pipe":
      return { ...command, runs: command.runs.map((run) => runAsMeant(run, reader)) };
    case "write-file":
      return { ...command, run: runAsMeant(command.run, reader) };
    case "set-variable":
    case "unset-variables":
      return command;
  }
}

export function runAsMeant(run: Run, { kubeconfig, context }: Reader): Run {
  const meant = {
    ...(usesContext(run) ? { context } : {}),
    ...(usesKubeconfig(run) ? { kubeconfig } : {}),
  };
  // Options that the command itself sets take precedence.
  return { ...run, options: { ...run.options, ...meant, ...run.options } };
}

/** Commands of ours that read a kubeconfig; the others do not have this option. */
const OURS = ["doctor", "setup eks", "status", "whoami"];

/** Verbs of kubectl that use no kubeconfig, or that belong to another user's plugin, which might not have the option. */
const WITHOUT = ["krew", "kuberc"];

function usesKubeconfig(run: Run): boolean {
  if (run.program === "aws") return run.verb.join(" ") === "eks update-kubeconfig";
  const [first, ...rest] = kubectlWords(run) ?? WITHOUT;
  if (first === undefined) return true;
  if (first !== "vouch") return !WITHOUT.includes(first);
  const words = `${rest.join(" ")} `;
  return OURS.some((known) => words.startsWith(`${known} `));
}

/** Verbs of kubectl that call no cluster. */
const LOCAL = [...WITHOUT, "plugin", "version"];

/** Whether it calls a cluster, or shows the context in force. */
function usesContext(run: Run): boolean {
  const [first, second = ""] = kubectlWords(run) ?? [];
  if (first === "config") return second === "view" && run.options["minify"] === true;
  if (first === "vouch") return ["doctor", "whoami"].includes(second);
  return first !== undefined && !LOCAL.includes(first);
}

/** The subcommands of kubectl, also if `env` starts it; undefined for other programs. */
function kubectlWords({ program, verb }: Run): readonly string[] | undefined {
  if (program === "kubectl") return verb;
  const start = program === "env" ? verb.indexOf("kubectl") : -1;
  return start < 0 ? undefined : verb.slice(start + 1);
}
