import { ownValue } from "../../token/record.ts";
import { symptomInWords } from "../derive/failure/symptom-words.ts";

/** Something that was typed, and what came of it. */
export interface Turn {
  /** What was typed, in one line; undefined for what stands before the first command. */
  readonly command: string | undefined;
  readonly output: string;
  /** Where the output begins: the line's number in the whole text, from 1. */
  readonly line: number;
}

/** Programs whose name behind the end of a prompt shows that a line was typed. */
const PROGRAMS: ReadonlySet<string> = new Set(
  (
    "kubectl kubectl-vouch k aws helm eksctl terraform tofu k9s flux argocd vouch kubelogin aws-iam-authenticator curl " +
    "journalctl Get-Content Get-ChildItem gci"
  ).split(" "),
);

/** Programs that are known without a prompt, by a word of theirs that follows soon. */
const VERBS: Readonly<Record<string, ReadonlySet<string>>> = {
  kubectl: new Set(
    (
      "annotate api-resources apply auth cluster-info config cordon create delete describe drain edit exec get label " +
      "logs patch port-forward rollout run scale top version vouch"
    ).split(" "),
  ),
  aws: new Set("--version cloudtrail configure ec2 eks iam login sso sts".split(" ")),
  helm: new Set("get history install list ls rollback status uninstall upgrade".split(" ")),
  "kubectl-vouch": new Set("--version credential doctor".split(" ")),
  terraform: new Set("apply destroy init plan refresh".split(" ")),
  tofu: new Set("apply destroy init plan refresh".split(" ")),
};

/** So many words behind the program a verb may stand, flags and their values between. */
const VERB_WITHIN = 6;

/** Programs whose word is enough by itself: what they show is a file, a place or all variables. */
const SHOWING = /^(?:(?:env|printenv)|(?:cat|type) [~/.]\S{0,400}|which \S{1,100})$/;

/** Signs that end a prompt, as shells and their usual themes have them, and the blank behind. */
const PROMPT_END = /[$#%❯➜»✗λ>] +/g;

/**
 * A prompt that is one whatever is typed behind it, but for a number, which is a price: a sign alone, a user at a host, a folder behind an arrow, a container's shell.
 */
const SURE_PROMPT =
  /^(?:\([\w.-]{1,64}\) )?(?:[$%❯] |\[?[\w.-]{1,64}@[\w.-]{1,64}[: ][^\s$#%]{0,120} ?[$#%>] |➜ {1,2}[\w~./-]{1,120} (?:git:\([^()]{1,120}\) )?(?:✗ )?|(?:bash|sh)-[\d.]{1,8}[$#] )([^\s\d].*)$/;

/** A sign of a theme alone, as `╰─`, `→` or `⚡`, before a program that is known. */
const SIGN = /^[^\p{L}\p{N}\s"'`()[\]{}<>#|:;,.+*&=~^/\\-]{1,4} {0,2}([\w./~-].*)$/u;

/** A prompt at which nothing was typed, and the first line of one of two lines: what a copy has between two commands, or at its end. */
const BARE_PROMPT =
  /^(?:\([\w.-]{1,64}\) )?(?:[$%❯➜]|\[?[\w.-]{1,64}@[\w.-]{1,64}[: ][^$#%"'=]{0,120}?\]?[$#%>]|[\w.-]{1,64}@[\w.-]{1,64} MINGW(?:32|64) \S{1,120}(?: \([^()]{1,120}\))?|➜ {1,2}[\w~./-]{1,120}(?: git:\([^()]{1,120}\))?(?: ✗)?|(?:bash|sh)-[\d.]{1,8}[$#]|PS [A-Z]:\\[^>]{0,200}>|╭─.{0,300})$/;

/** Words of a sentence in which a command is only named: `kubectl get pods does not work`. */
const SENTENCE =
  /[.!?…]$|\s(?:I|we|you|it|is|was|are|were|does|do|did|doesn't|don't|didn't|not|works?|worked|fails?|failed|gives?|gave|says?|said|returns?|but|when|because|then|shows?)\s/;

/** The time that some shells write at the right edge of a prompt. */
const RIGHT_EDGE = / {3,200}\[?\d\d:\d\d(?::\d\d)?\]?$/;

/** Where a command reads its input from the lines below it. */
const HEREDOC = /<<-?\s{0,4}["']?(\w{1,40})["']?/;

/** What a shell writes before each command with `set -x`. */
const TRACED = /^\+{1,4} (\S.*)$/;

const POWERSHELL = /^PS [^>]{0,200}> ?(\S.*)$/;
const COMMAND_PROMPT = /^[A-Za-z]:\\[^>]{0,200}>(\S.*)$/;

/** Longest prompt that is looked for, in characters. */
const LONGEST_PROMPT = 160;

/** As much of a line is looked at for its program and verb, in characters. */
const LONGEST_BEGINNING = 1000;

/** A terminal's text, cut where something was typed. Text without a prompt is one turn. */
export function turnsOf(text: string): Turn[] {
  const lines = text.split("\n");
  const turns: { command: string | undefined; lines: string[]; line: number }[] = [];
  let current = { command: undefined as string | undefined, lines: [] as string[], line: 1 };
  let isRoot = false;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const before = lines[index - 1] ?? "";
    const typed = typedIn(line, { isFresh: isRoot || before.trim() === "", before });
    if (typed === undefined) {
      // Where a line was, a line stays: places are counted.
      current.lines.push(BARE_PROMPT.test(line.trim()) ? "" : line);
      continue;
    }
    isRoot ||= line.startsWith("# ");
    turns.push(current);
    const { command, last } = wholeCommand(typed, lines, index);
    index = last;
    current = { command, lines: [], line: index + 2 };
  }
  return [...turns, current]
    .filter(
      ({ command, lines: output }) => command !== undefined || output.some((line) => line.trim() !== ""),
    )
    .map(({ command, lines: output, line }) => ({ command, output: output.join("\n"), line }));
}

/** What was typed in a line; undefined where it was said. A comment is said, and root's prompt looks like one. */
function typedIn(
  raw: string,
  { isFresh, before }: { readonly isFresh: boolean; readonly before: string },
): string | undefined {
  const line = raw.trimEnd();
  if (/^\s*#/.test(line)) return isFresh ? commandIn(/^# (\S.*)$/.exec(line)?.[1] ?? "") : undefined;
  const sure = (SURE_PROMPT.exec(line) ?? POWERSHELL.exec(line) ?? COMMAND_PROMPT.exec(line))?.[1];
  if (sure !== undefined) return sure;
  const traced = TRACED.exec(line)?.[1];
  // PowerShell quotes the line that failed behind such a sign, too.
  if (traced !== undefined && !before.startsWith("At ") && PROGRAMS.has(programOf(traced).program))
    return traced;
  return commandIn(line) ?? behindPrompt(line);
}

/** A line that is a command without a prompt. One that tells a failure only speaks of it. */
function commandIn(line: string): string | undefined {
  if (SHOWING.test(line)) return line;
  return hasKnownVerb(line) &&
    !SENTENCE.test(line) &&
    !/\b[Ee]rror: /.test(line) &&
    symptomInWords(line).kind === "other"
    ? line
    : undefined;
}

/** What stands behind the end of a prompt that nobody knows; comments and lines of files have none before it. */
function behindPrompt(line: string): string | undefined {
  const beginning = line.slice(0, LONGEST_PROMPT);
  if (/^\s|^[\w"'-]{1,60}: /.test(beginning)) return undefined;
  const behindSign = SIGN.exec(line)?.[1];
  if (behindSign !== undefined && PROGRAMS.has(programOf(behindSign).program)) return behindSign;
  for (const { 0: sign, index } of beginning.matchAll(PROMPT_END)) {
    if (/(?:^|\s)[#;]\s/.test(line.slice(0, index))) return undefined;
    const rest = line.slice(index + sign.length);
    if (PROGRAMS.has(programOf(rest).program) || SHOWING.test(rest)) return rest;
  }
  return undefined;
}

function hasKnownVerb(line: string): boolean {
  const { program, words } = programOf(line);
  return words.slice(0, VERB_WITHIN).some((word) => ownValue(VERBS, program)?.has(word) === true);
}

/** The program of a command line, without its folder and what is set for it, and the words behind. */
function programOf(line: string): { readonly program: string; readonly words: readonly string[] } {
  const words = line.slice(0, LONGEST_BEGINNING).split(/\s+/);
  const start = words.findIndex((word) => word !== "sudo" && !/^[A-Za-z_]\w*=/.test(word));
  const program = words[start] ?? "";
  return {
    program: program.replace(/^[~.\w/-]*\//, "").replace(/\.exe$/, ""),
    words: words.slice(start + 1),
  };
}

/** How a line says that the next one belongs to it: in bash, PowerShell and cmd. */
const CONTINUED: ReadonlySet<string> = new Set(["\\", "`", "^"]);

/** A command with the lines that continue it, joined; its input below it is no output. `last` is the index of its last line. */
function wholeCommand(
  typed: string,
  lines: readonly string[],
  start: number,
): { readonly command: string; readonly last: number } {
  let command = typed;
  let last = start;
  while (CONTINUED.has(command.at(-1) ?? "") && last + 1 < lines.length) {
    last += 1;
    command = `${command.slice(0, -1).trimEnd()} ${(lines[last] ?? "").replace(/^>+ /, "").trim()}`;
  }
  const [, end] = HEREDOC.exec(command) ?? [];
  const closed = end === undefined ? -1 : lines.findIndex((line, at) => at > last && line.trim() === end);
  const own = command.replace(/^k /, "kubectl ").replace(RIGHT_EDGE, "");
  return { command: own, last: Math.max(last, closed) };
}
