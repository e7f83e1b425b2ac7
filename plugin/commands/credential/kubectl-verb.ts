import { type Command, type CommandLine, commandLineOf } from "../../command-line/command-line.ts";
import { readTyped } from "../../command-line/words.ts";

/** What kubectl takes before its verb, too, by what follows. Source: `kubectl options`, kubectl 1.36. */
const VALUED = [
  ...[
    "as",
    "as-group",
    "as-uid",
    "as-user-extra",
    "cache-dir",
    "certificate-authority",
    "client-certificate",
  ],
  ...[
    "client-key",
    "cluster",
    "context",
    "kubeconfig",
    "kuberc",
    "log-flush-frequency",
    "password",
    "profile",
  ],
  ...["profile-output", "request-timeout", "tls-server-name", "token", "user", "username", "vmodule"],
];
const SWITCHES = [
  "disable-compression",
  "insecure-skip-tls-verify",
  "match-server-version",
  "warnings-as-errors",
];
const LETTERS = { namespace: "n", server: "s", v: "v" };

/**
 * Verbs that change nothing, nor open a way into a container. A completion runs `__complete`. Source: plugin/KUBECTL.md, "Command
 * line".
 */
const READING = [
  ...["get", "describe", "logs", "top", "explain", "diff", "events", "wait", "version", "cluster-info"],
  ...["api-resources", "api-versions", "config", "completion", "__complete", "__completeNoDesc", "options"],
  ...["auth can-i", "auth whoami", "rollout status", "rollout history"],
];

const OPTIONS = {
  ...Object.fromEntries(VALUED.map((name) => [name, { type: "string" }] as const)),
  ...Object.fromEntries(SWITCHES.map((name) => [name, { type: "boolean" }] as const)),
  ...Object.fromEntries(
    Object.entries(LETTERS).map(([name, alias]) => [name, { type: "string", alias }] as const),
  ),
} as const;

/**
 * Of kubectl, also as `kubectl.1.32`: the words without the program; undefined for another program. A plugin of kubectl is another
 * program.
 */
export function wordsOfKubectl([program = "", ...words]: readonly string[]): string[] | undefined {
  return /^(?:.*[\\/])?kubectl(?:[.-]?v?\d[\d.]*)?(?:\.exe)?$/i.test(program) ? words : undefined;
}

/** The context that a kubectl names. */
export function contextOfKubectl(words: readonly string[]): string | undefined {
  return readTyped(kubectl(), words).given.get("context")?.at(-1);
}

/**
 * Whether a kubectl only reads, by its verb. False in any doubt, such as an option before the verb that can only stand behind it:
 * it may take the next word as its value.
 */
export function isReading(words: readonly string[]): boolean {
  if (words.some((word) => word.startsWith("--raw")) && words.some(isProxied)) return false;
  const { path, hasUnknownBefore } = readTyped(kubectl(), words);
  return READING.includes(path.join(" ")) && !hasUnknownBefore;
}

/** Whether a path leads through the API server to another one, where reading may change something; `%` may hide it. */
function isProxied(path: string): boolean {
  return /\bproxy\b|%/i.test(path);
}

/** kubectl's command line, as far as the verbs that read are concerned: any other verb is a word like others. */
function kubectl(): CommandLine {
  const firsts = new Set(READING.map((verb) => verb.split(" ", 1)[0] ?? ""));
  return commandLineOf(
    group(
      "kubectl",
      [...firsts].map((first) => group(first, secondsOf(first))),
    ),
    OPTIONS,
  );
}

function secondsOf(first: string): Command[] {
  return READING.flatMap((verb) =>
    verb.startsWith(`${first} `) ? [group(verb.slice(first.length + 1), [])] : [],
  );
}

function group(command: string, commands: readonly Command[]): Command {
  return {
    command,
    describe: "",
    builder: (declare) => commands.reduce((declared, one) => declared.command(one), declare),
  };
}
