import { commandWords } from "../kubeconfig/command-words.ts";

/** Programs that people try beside, and that never call an API server with the kubeconfig's credentials. */
const OTHER_PROGRAMS =
  /^(?:aws|eksctl|aws-iam-authenticator|kubelogin|vouch|curl|wget|nslookup|dig|host|nc|ncat|ping|telnet|traceroute|openssl|cat|env|echo|export|cd)$/;

/** What these programs do without an API server. */
const OFFLINE: Readonly<Record<string, readonly string[]>> = {
  kubectl: ["config", "completion", "help", "options", "plugin", "krew", "kustomize", "vouch"],
  helm: ["template", "repo", "version", "env", "lint", "dependency", "completion", "show", "pull", "search"],
  terraform: ["init", "validate", "fmt", "version", "providers", "output"],
};

/**
 * Whether a command asks an API server something, as far as can be told: one that is not known may. Of several in one line
 * the last counts.
 */
export function asksApiServer(command: string): boolean {
  const [program, ...words] = lastCommand(commandWords(command));
  if (program === undefined) return true;
  if (OTHER_PROGRAMS.test(program)) return false;
  if (program === "kubectl" && words[0] === "version" && words.some((word) => word.startsWith("--client")))
    return false;
  const offline = OFFLINE[program === "tofu" ? "terraform" : program] ?? [];
  const verb = words.find((word, index) => !word.startsWith("-") && !isValueOf(words[index - 1]));
  return verb === undefined || !offline.includes(verb);
}

/** Program, without folders and what goes before it, and its words. */
function lastCommand(words: readonly string[]): string[] {
  const start = words.findLastIndex((word) => /^(?:&&|\|\||;)$|;$/.test(word)) + 1;
  const pipe = words.findIndex((word, index) => index >= start && word === "|");
  const own = words.slice(start, pipe < 0 ? undefined : pipe);
  const first = own.findIndex((word) => !/^[A-Za-z_]\w*=|^(?:sudo|env|time|exec|nohup)$/.test(word));
  const [program = "", ...rest] = first < 0 ? [] : own.slice(first);
  const name = program
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/\.exe$/i, "");
  return name === undefined || name === "" ? [] : [name, ...rest];
}

function isValueOf(flag: string | undefined): boolean {
  return flag !== undefined && /^--?[a-z][\w-]*$/i.test(flag);
}
