import { ownValue } from "../../token/record.ts";
import { symptomInWords } from "../derive/failure/symptom-words.ts";

/** A command that was typed, and its output. */
export interface Turn {
  /** The command, in one line; undefined for the text before the first one. */
  readonly command: string | undefined;
  readonly output: string;
  /** The line of the whole text, from 1, at which the output begins. */
  readonly line: number;
}

/** Programs whose name right behind what may be a prompt shows that the line was typed. */
const PROGRAMS: ReadonlySet<string> = new Set(
  (
    "kubectl kubectl-vouch k aws helm eksctl terraform tofu k9s flux argocd vouch kubelogin aws-iam-authenticator curl " +
    "journalctl Get-Content Get-ChildItem gci"
  ).split(" "),
);

/** Programs that are recognized without a prompt, if one of these words follows soon. */
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

/** The verb is among so many words behind the program; flags and their values may come before it. */
const VERB_WITHIN = 6;

/** Commands that are recognized without a prompt: they show a file, the path of a program, or all variables. */
const SHOWING = /^(?:(?:env|printenv)|(?:cat|type) [~/.]\S{0,400}|which \S{1,100})$/;

/** Characters that end the prompts of shells and their common themes, with the blanks behind. */
const PROMPT_END = /[$#%❯➜»✗λ>] +/g;

/**
 * What is a prompt whatever follows: a sign alone, a user at a host, a folder behind an arrow, a container's shell. A digit cannot
 * follow, since `$ 5` is a price.
 */
const SURE_PROMPT =
  /^(?:\([\w.-]{1,64}\) )?(?:[$%❯] |\[?[\w.-]{1,64}@[\w.-]{1,64}[: ][^\s$#%]{0,120} ?[$#%>] |➜ {1,2}[\w~./-]{1,120} (?:git:\([^()]{1,120}\) )?(?:✗ )?|(?:bash|sh)-[\d.]{1,8}[$#] )([^\s\d].*)$/;

/** The prompt of a theme, such as `╰─`, `→` or `⚡`; it counts before a known program only. */
const SIGN = /^[^\p{L}\p{N}\s"'`()[\]{}<>#|:;,.+*&=~^/\\-]{1,4} {0,2}([\w./~-].*)$/u;

/**
 * A prompt at which nothing was typed, or the first line of a prompt of two lines. Copies have them between commands and at the
 * end.
 */
const BARE_PROMPT =
  /^(?:\([\w.-]{1,64}\) )?(?:[$%❯➜]|\[?[\w.-]{1,64}@[\w.-]{1,64}[: ][^$#%"'=]{0,120}?\]?[$#%>]|[\w.-]{1,64}@[\w.-]{1,64} MINGW(?:32|64) \S{1,120}(?: \([^()]{1,120}\))?|➜ {1,2}[\w~./-]{1,120}(?: git:\([^()]{1,120}\))?(?: ✗)?|(?:bash|sh)-[\d.]{1,8}[$#]|PS [A-Z]:\\[^>]{0,200}>|╭─.{0,300})$/;

/** Words of a sentence that only mentions a command: `kubectl get pods does not work`. */
const SENTENCE =
  /[.!?…]$|\s(?:I|we|you|it|is|was|are|were|does|do|did|doesn't|don't|didn't|not|works?|worked|fails?|failed|gives?|gave|says?|said|returns?|but|when|because|then|shows?)\s/;

/** The time that some themes print at the right edge of a prompt. */
const RIGHT_EDGE = / {3,200}\[?\d\d:\d\d(?::\d\d)?\]?$/;

/** Where a command reads its input from the lines below it. */
const HEREDOC = /<<-?\s{0,4}["']?(\w{1,40})["']?/;

/** What a shell writes before each command with `set -x`. */
const TRACED = /^\+{1,4} (\S.*)$/;

const POWERSHELL = /^PS [^>]{0,200}> ?(\S.*)$/;
const COMMAND_PROMPT = /^[A-Za-z]:\\[^>]{0,200}>(\S.*)$/;

/** Longest prompt that is looked for, in characters. */
const LONGEST_PROMPT = 160;

/** How much of a line is searched for its program and verb, in characters. */
const LONGEST_BEGINNING = 1000;

/** Cuts the text of a terminal where something was typed. Text without a prompt is one turn. */
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
      // The line is kept, if empty, so that lines are counted right.
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

/** What was typed in a line; undefined for output. Comments are output, though the prompt of root looks like one. */
function typedIn(
  raw: string,
  { isFresh, before }: { readonly isFresh: boolean; readonly before: string },
): string | undefined {
  const line = raw.trimEnd();
  if (/^\s*#/.test(line)) return isFresh ? commandIn(/^# (\S.*)$/.exec(line)?.[1] ?? "") : undefined;
  const sure = (SURE_PROMPT.exec(line) ?? POWERSHELL.exec(line) ?? COMMAND_PROMPT.exec(line))?.[1];
  if (sure !== undefined) return sure;
  const traced = TRACED.exec(line)?.[1];
  // PowerShell prefixes the line that failed with such a sign, too.
  if (traced !== undefined && !before.startsWith("At ") && PROGRAMS.has(programOf(traced).program))
    return traced;
  return commandIn(line) ?? behindPrompt(line);
}

/** A line that is a command without a prompt. One that reports an error only mentions the command. */
function commandIn(line: string): string | undefined {
  if (SHOWING.test(line)) return line;
  return hasKnownVerb(line) &&
    !SENTENCE.test(line) &&
    !/\b[Ee]rror: /.test(line) &&
    symptomInWords(line).kind === "other"
    ? line
    : undefined;
}

/** What stands behind an unknown prompt, unless the line is indented, a setting or a comment. */
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

/** The program of a command line, without its folder and the variables set for it, and its arguments. */
function programOf(line: string): { readonly program: string; readonly words: readonly string[] } {
  const words = line.slice(0, LONGEST_BEGINNING).split(/\s+/);
  const start = words.findIndex((word) => word !== "sudo" && !/^[A-Za-z_]\w*=/.test(word));
  const program = words[start] ?? "";
  return {
    program: program.replace(/^[~.\w/-]*\//, "").replace(/\.exe$/, ""),
    words: words.slice(start + 1),
  };
}

/** The last character of a line that the next one continues: in bash, PowerShell and cmd. */
export const CONTINUED: ReadonlySet<string> = new Set(["\\", "`", "^"]);

/** Backquotes in pairs are a command of bash. */
function isContinued(command: string): boolean {
  const sign = command.at(-1) ?? "";
  return CONTINUED.has(sign) && (sign !== "`" || command.split("`").length % 2 === 0);
}

/** Whether a terminal has broken a command within an ARN. */
function isCutAtWidth(lines: readonly string[], at: number): boolean {
  const [line = "", next = ""] = lines.slice(at, at + 2);
  return /\barn:[\w-]{0,20}(?::[\w-]{0,30}){1,4}$/.test(line) && /^[a-z-]{0,20}\/\S/.test(next);
}

/** A command joined with the lines that continue it. A here-document belongs to it, too. `last` is the index of its last line. */
function wholeCommand(
  typed: string,
  lines: readonly string[],
  start: number,
): { readonly command: string; readonly last: number } {
  let command = typed;
  let last = start;
  while (isContinued(command) && last + 1 < lines.length) {
    last += 1;
    command = `${command.slice(0, -1).trimEnd()} ${(lines[last] ?? "").replace(/^>+ /, "").trim()}`;
  }
  if (isCutAtWidth(lines, last)) {
    last += 1;
    command += (lines[last] ?? "").trimEnd();
  }
  const [, end] = HEREDOC.exec(command) ?? [];
  const closed = end === undefined ? -1 : lines.findIndex((line, at) => at > last && line.trim() === end);
  const own = withHyphens(command.replace(/^k /, "kubectl ").replace(RIGHT_EDGE, ""));
  return { command: own, last: Math.max(last, closed) };
}

/** A command whose hyphens a word processor has made into dashes. */
function withHyphens(command: string): string {
  return command.replaceAll(/(?<=\s)[–—](?=[a-z])([a-z](?![a-z-]))?/g, (_, letter = "") =>
    letter === "" ? "--" : `-${letter}`,
  );
}
