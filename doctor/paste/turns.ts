import { ownValue } from "../../token/record.ts";

/** Something that was typed, and what came of it. */
export interface Turn {
  /** What was typed, in one line; undefined for what stands before the first command. */
  readonly command: string | undefined;
  readonly output: string;
  /** Where the output begins: the line's number in the whole text, from 1. */
  readonly line: number;
}

/** Programs whose name behind a prompt shows that a line was typed. */
const PROGRAMS: ReadonlySet<string> = new Set(
  (
    "kubectl kubectl-vouch k aws helm eksctl terraform tofu k9s flux argocd vouch kubelogin aws-iam-authenticator " +
    "cat type less head tail env printenv set export unset echo curl nslookup dig which where command date openssl " +
    "ls dir cd journalctl Get-Content Get-ChildItem gci gc"
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

/** A prompt that is one whatever is typed behind it: a sign alone, a user at a host, or a folder behind an arrow. */
const SURE_PROMPT =
  /^(?:[$%❯] |[\w.-]{1,64}@[\w.-]{1,64}[: ][^\s$#%]{0,120} ?[$#%>] |➜ {1,2}[\w~./-]{1,120} (?:git:\([^()]{1,120}\) )?(?:✗ )?)(\S.*)$/;

const POWERSHELL = /^PS [^>]{0,200}> ?(\S.*)$/;
const COMMAND_PROMPT = /^[A-Za-z]:\\[^>]{0,200}>(\S.*)$/;

/** Longest prompt that is looked for, in characters. */
const LONGEST_PROMPT = 160;

/** As much of a line is looked at for its program and verb, in characters. */
const LONGEST_BEGINNING = 1000;

/** A terminal's text, cut where something was typed. Text without a prompt is one turn. */
export function turnsOf(text: string): Turn[] {
  const lines = text.replaceAll(/\r\n?/g, "\n").split("\n");
  const turns: { command: string | undefined; lines: string[]; line: number }[] = [];
  let current = { command: undefined as string | undefined, lines: [] as string[], line: 1 };
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const typed = typedIn(line, { isFresh: (lines[index - 1] ?? "").trim() === "" });
    if (typed === undefined) {
      current.lines.push(line);
      continue;
    }
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

/** What was typed in a line. A lone `#` begins a comment as well as root's prompt: it counts behind a blank line alone. */
function typedIn(raw: string, { isFresh }: { readonly isFresh: boolean }): string | undefined {
  const line = raw.trimEnd();
  const sure = (SURE_PROMPT.exec(line) ?? POWERSHELL.exec(line) ?? COMMAND_PROMPT.exec(line))?.[1];
  if (sure !== undefined) return sure;
  if (SHOWING.test(line) || hasKnownVerb(line)) return line;
  const beginning = line.slice(0, LONGEST_PROMPT);
  for (const { 0: sign, index } of beginning.matchAll(PROMPT_END)) {
    const rest = line.slice(index + sign.length);
    if (PROGRAMS.has(programOf(rest).program) && (index > 0 || !sign.startsWith("#") || isFresh)) return rest;
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

/** A command with the lines that continue it, joined. `last` is the index of its last line. */
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
  return { command: command.replace(/^k /, "kubectl "), last };
}
