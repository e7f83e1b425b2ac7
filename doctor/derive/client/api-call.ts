import { ownValue } from "../../../token/record.ts";
import { commandWords } from "../kubeconfig/command-words.ts";

/** Programs that people run for comparison, and that never call an API server with the kubeconfig's credentials. */
const OTHER_PROGRAMS =
  /^(?:aws|eksctl|aws-iam-authenticator|kubelogin|vouch|curl|wget|nslookup|dig|host|nc|ncat|ping|telnet|traceroute|openssl|cat|env|echo|export|cd)$/;

/** Verbs of these programs that need no API server. */
const OFFLINE: Readonly<Record<string, readonly string[]>> = {
  kubectl: ["config", "completion", "help", "kuberc", "options", "plugin", "krew", "kustomize", "vouch"],
  helm: ["template", "repo", "version", "env", "lint", "dependency", "completion", "show", "pull", "search"],
  terraform: ["init", "validate", "fmt", "version", "providers", "output"],
};

/** Flags before the verb that take no value, according to `kubectl options` and `helm --help`. */
const FLAGS_WITHOUT_VALUE =
  /^(?:-h|--(?:help|debug|disable-compression|insecure-skip-tls-verify|kube-insecure-skip-tls-verify|match-server-version|warnings-as-errors))$/;

/**
 * Whether a command calls an API server, as far as can be told; an unknown one may. If there are several commands in one line,
 * the last counts.
 */
export function asksApiServer(command: string): boolean {
  const said = commandWords(command);
  if (said.length === 0) return true;
  const [program, ...words] = lastCommand(said);
  if (program === undefined || OTHER_PROGRAMS.test(program)) return false;
  const verb = verbOf(words);
  if (words.some((word) => CALLS_NOBODY.test(word))) return false;
  if (program === "kubectl" && verb === "version" && words.some((word) => word.startsWith("--client")))
    return false;
  const offline = ownValue(OFFLINE, program === "tofu" ? "terraform" : program) ?? [];
  return verb === undefined || !offline.includes(verb);
}

/** Whether a command certainly calls an API server: it is a known client with a verb. */
export function surelyAsksApiServer(command: string): boolean {
  const [program = "", ...words] = lastCommand(commandWords(command));
  return ["kubectl", "helm"].includes(program) && verbOf(words) !== undefined && asksApiServer(command);
}

/** Options with which a client makes no call. */
const CALLS_NOBODY = /^(?:-h|--help|--version|--dry-run=client)$/;

function verbOf(words: readonly string[]): string | undefined {
  return words.find((word, index) => !word.startsWith("-") && !isValueOf(words[index - 1]));
}

/** The program, without its folder and anything before it, and its words; empty if there is no program, as in `env`. */
function lastCommand(words: readonly string[]): string[] {
  const separated = words.flatMap((word) =>
    word.endsWith(";") && word !== ";" ? [word.slice(0, -1), ";"] : [word],
  );
  const isSeparator = (word: string) => ["&&", "||", ";"].includes(word);
  const trimmed = separated.slice(0, separated.findLastIndex((word) => !isSeparator(word)) + 1);
  const start = trimmed.findLastIndex(isSeparator) + 1;
  const pipe = trimmed.findIndex((word, index) => index >= start && word === "|");
  const own = trimmed.slice(start, pipe < 0 ? undefined : pipe);
  const first = own.findIndex((word) => !/^[A-Za-z_]\w*=|^(?:sudo|env|time|exec|nohup|-.*)?$/.test(word));
  const [program = "", ...rest] = first < 0 ? [] : own.slice(first);
  const name = program
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/\.exe$/i, "");
  return name === undefined || name === "" ? [] : [name, ...rest];
}

function isValueOf(flag: string | undefined): boolean {
  return flag !== undefined && /^--?[a-z][\w-]*$/i.test(flag) && !FLAGS_WITHOUT_VALUE.test(flag);
}
