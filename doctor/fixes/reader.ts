import type { Command, Run } from "../../token/command/command.ts";
import { type RenderedCommand, renderCommand, type Shell } from "../../token/command/render-command.ts";
import { type Sentence, sentenceText } from "../../token/command/sentence.ts";

/** Whoever reads commands, and pastes them. */
export interface Reader {
  readonly shell: Shell;
  /** The file that they named with `--kubeconfig`: without it a command would read or change another. */
  readonly kubeconfig?: string | undefined;
  /** Whether the case was saved, perhaps on another machine. */
  readonly isSaved?: boolean | undefined;
}

/** Writes a command, with the kubeconfig that is meant. */
export function commandFor(command: Command, { shell, kubeconfig }: Reader): RenderedCommand {
  return renderCommand(inKubeconfig(command, kubeconfig), shell);
}

/** Writes a sentence; each command in it with the kubeconfig that is meant. */
export function sentenceFor(value: Sentence, { shell, kubeconfig }: Reader): string {
  const parts =
    typeof value === "string"
      ? value
      : value.map((part) => (typeof part === "string" ? part : inKubeconfig(part, kubeconfig)));
  return sentenceText(parts, shell);
}

function inKubeconfig(command: Command, file: string | undefined): Command {
  if (file === undefined) return command;
  switch (command.kind) {
    case "run":
      return runIn(command, file);
    case "pipe":
      return { ...command, runs: command.runs.map((run) => runIn(run, file)) };
    case "write-file":
      return { ...command, run: runIn(command.run, file) };
    case "set-variable":
    case "unset-variables":
      return command;
  }
}

function runIn(run: Run, kubeconfig: string): Run {
  const isNamed = run.options["kubeconfig"] !== undefined;
  return isNamed || !usesKubeconfig(run) ? run : { ...run, options: { ...run.options, kubeconfig } };
}

/** Commands of ours that read a kubeconfig; the others know no such option. */
const OURS = ["doctor", "setup eks", "status", "whoami"];

/** Verbs of kubectl that use no kubeconfig; a plugin of somebody else might not know the option. */
const WITHOUT = ["krew", "kuberc"];

function usesKubeconfig({ program, verb }: Pick<Run, "program" | "verb">): boolean {
  if (program === "env") {
    const [started, ...words] = verb.slice(verb.indexOf("kubectl"));
    return started === "kubectl" && usesKubeconfig({ program: started, verb: words });
  }
  const [first = "", ...rest] = verb;
  if (program === "aws") return verb.join(" ") === "eks update-kubeconfig";
  if (program !== "kubectl" || WITHOUT.includes(first)) return false;
  const words = `${rest.join(" ")} `;
  return first !== "vouch" || OURS.some((known) => words.startsWith(`${known} `));
}
