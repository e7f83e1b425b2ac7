import { typed as typedRun } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { maskArguments } from "../../token/masking/mask-arguments.ts";
import type { CommandLine } from "./command-line.ts";
import { nearestWord } from "./nearest-word.ts";
import { splitFlag, type TypedLine } from "./words.ts";

/** Typed in front of our own words. */
const CALLERS = ["kubectl", "vouch", "kubectl-vouch", "aws"];

/** What to type instead of a command that we do not have; empty if that is not known. `words` are those that are not options. */
export function commandMeant(words: readonly string[], group: CommandLine, line: TypedLine): string {
  const path = line.path.join(" ");
  const own = path === "" ? words.slice(words.findIndex((word) => !CALLERS.includes(word))) : words;
  const help = lookUp(OTHER_HELP[path], own, line);
  if (help !== undefined) return `${help} `;
  const [first = ""] = own;
  const isOurs = own.length < words.length && group.commands.some(({ name }) => name === first);
  const meant = isOurs ? own.join(" ") : lookUp(OTHER_COMMANDS[path], own, line);
  if (meant !== undefined) return didYouMean(line, completed(meant, group, line));
  if (path !== "" || !KUBECTL_COMMANDS.split(", ").includes(first)) return "";
  const command = maskArguments(line.words.slice(line.words.indexOf(first)));
  return withCommands`To diagnose this command: ${asTyped(line, ["doctor", "--", ...command])}. `;
}

/** The entry for the first two words, or for the first one, with the name that follows filled in. */
function lookUp(
  entries: Readonly<Record<string, string>> = {},
  words: readonly string[],
  { known }: TypedLine,
): string | undefined {
  const found = [2, 1].flatMap((count) => {
    const begin = words.slice(0, count).join(" ");
    const meant = Object.entries(entries).find(([, others]) => others.split(", ").includes(begin))?.[0];
    return meant === undefined ? [] : [{ meant, next: words[count] ?? "" }];
  });
  const [{ meant, next } = { meant: undefined, next: "" }] = found;
  const isKnown =
    known.contexts.includes(next) ||
    known.profiles.includes(next) ||
    (meant?.includes("--cluster NAME") === true && isClusterName(next));
  return isKnown ? meant?.replace("NAME", next) : meant;
}

/** The words of a command, with the options that were typed, by the names that they have there. */
function completed(meant: string, group: CommandLine, line: TypedLine): string[] {
  const parts = meant.split(" ");
  let target = group;
  for (const word of parts) target = target.behind(word) ?? target;
  const options = optionsFor(target, line);
  const isGiven = (at: number) => options.some((word) => parts[at] === word || parts[at - 1] === word);
  return [...parts.filter((word, at) => !isGiven(at) && word !== ""), ...options];
}

function optionsFor(target: CommandLine, { words, known }: TypedLine): string[] {
  const names = target.flags.filter(({ isHidden }) => !isHidden).map(({ name }) => name);
  const options = words.flatMap((word, at) => {
    if (!word.startsWith("--")) return [];
    const { flag, value } = splitFlag(target.flags, word);
    const name = flag?.name ?? otherOption(word.slice(2).split("=", 1)[0] ?? "", names);
    const takes = target.flags.find((one) => one.name === name)?.takes;
    const next = value ?? words[at + 1];
    if (name === undefined || takes === "many") return [];
    if (takes === "nothing" || next === undefined) return [`--${name}`];
    // The value of another tool's option, such as a session or a role, may be the name of a profile.
    const isOther = name === "profile" && flag === undefined && !known.profiles.includes(next);
    return [`--${name}`, isOther ? "NAME" : next];
  });
  return maskArguments(options);
}

/** Our name for another tool's option, if the command has it. */
export function otherOption(other: string, names: readonly string[]): string | undefined {
  const meant = Object.entries(OTHER_OPTIONS).filter(([, others]) => others.split(", ").includes(other));
  return meant.map(([name]) => name).find((name) => names.includes(name));
}

/** Options whose value people type without the option, by command. Names of contexts and profiles must exist. */
const WORD_OPTIONS: Readonly<Record<string, "cluster" | "cluster-name" | "context" | "profile">> = {
  "setup eks": "cluster",
  "credential eks": "cluster-name",
  doctor: "context",
  whoami: "context",
  login: "profile",
  logout: "profile",
  exec: "profile",
};

/** What to type instead of a value without its option; empty if that is not known. Other words may be secret. */
export function valueMeant([word, ...more]: readonly [string, ...string[]], line: TypedLine): string {
  const { path, words, known } = line;
  const option = WORD_OPTIONS[path.join(" ")];
  if (option === undefined || line.words.some((one) => one.split("=", 1)[0] === `--${option}`)) return "";
  const names = {
    context: known.contexts,
    profile: known.profiles,
    cluster: undefined,
    "cluster-name": undefined,
  };
  const name = nameMeant(word, names[option]);
  const dashes = words.indexOf("--");
  if (more.length > 0 && option !== "profile") return "";
  if (name === undefined || (dashes >= 0 && dashes < words.indexOf(word))) return "";
  const value = [`--${option}`, name];
  const rest =
    option === "profile"
      ? value
      : maskArguments(words.toSpliced(placeOf(word, words), 1, ...value).slice(path.length));
  return didYouMean(line, [...rest, ...(path[0] === "exec" ? ["--", "COMMAND"] : [])]);
}

/** Where the word stands by itself, and is not the value of an option. */
function placeOf(word: string, words: readonly string[]): number {
  const alone = words.findIndex((one, at) => one === word && !words[at - 1]?.startsWith("-"));
  return alone < 0 ? words.lastIndexOf(word) : alone;
}

/** Whether EKS accepts it as the name of a cluster, and it does not look like a secret. */
function isClusterName(word: string): boolean {
  return /^[A-Za-z0-9][\w-]{0,99}$/.test(word) && maskArguments([word])[0] === word;
}

function nameMeant(word: string, names: readonly string[] | undefined): string | undefined {
  if (names === undefined) return isClusterName(word) ? word : undefined;
  return names.includes(word) ? word : nearestWord(word, names);
}

function asTyped({ program }: TypedLine, words: readonly string[]) {
  return typedRun([...program.split(" "), ...words]);
}

function didYouMean(line: TypedLine, words: readonly string[]): string {
  return withCommands`Did you mean ${asTyped(line, [...line.path, ...words])}? `;
}

/** Words of other tools by the command that does the same here; NAME is filled in where it is known. By the group of commands. */
const OTHER_COMMANDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "": {
    login: "signin, sign-in, log-in, auth, auth login, sso, sso login, refresh, renew, unlock",
    logout: "signout, sign-out, log-out, logoff, sso logout, lock",
    enroll: "register",
    keys: "fido, yubikey, security-keys",
    "keys add": "add-key",
    whoami: "who, me, id, identity, sts get-caller-identity, get-caller-identity",
    status: "list, ls, contexts, get-contexts, session, sessions, info, show",
    "setup eks --cluster NAME":
      "update-kubeconfig, eks update-kubeconfig, eks setup, eks, kubeconfig, init, connect, add, context, kube",
    "setup eks --list": "clusters, cluster, list-clusters, eks list-clusters, get-clusters, get clusters",
    "setup aws --sso-start-url URL":
      "configure, configure sso, sso configure, populate, sso populate, sso generate",
    "setup eks --undo": "remove, rm, undo, restore",
    "credential eks --cluster-name NAME": "get-token, eks get-token, credentials, exec-credential",
    "exec --profile NAME -- COMMAND": "assume, env, export, shell, run, with",
    doctor: "test, check, diagnose, diagnostics, debug, why, fix, verify, troubleshoot, can-i, auth can-i",
    "config list": "settings, configuration, options, get settings",
    "cache clear": "clear, clean, flush",
    "completion install": "completions, autocomplete",
    "explain CODE": "codes, error, errors, causes",
  },
  setup: {
    "eks --cluster NAME": "kubeconfig, cluster, context, update-kubeconfig, kube",
    aws: "profile, credentials",
  },
  config: {
    list: "get, ls, show, print",
    set: "change, add, edit",
    unset: "delete, remove, rm, reset",
    view: "contexts, kubeconfig",
  },
  cache: { clear: "purge, delete, remove, rm, reset, flush, empty", list: "show, get, view" },
  keys: { remove: "delete, rm, unregister, revoke", add: "register, new, create, enroll", list: "show, get" },
  token: { explain: "decode, inspect, show, verify, view, read" },
  credential: { aws: "process, credential-process, profile", eks: "kubectl, get-token, token, cluster" },
  completion: { powershell: "pwsh, ps", uninstall: "remove", install: "setup, add" },
};

/** What to do instead of a word for which there is no command; the commands in it are not ours. By the group of commands. */
const OTHER_HELP: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "": {
    "`kubectl config use-context NAME` switches contexts.": "use, use-context, switch, ctx, select, current",
    "kubectl-vouch does not open the AWS console.": "console, open, web, browser",
    "`kubectl vouch setup eks --list` lists the AWS profiles with their clusters.":
      "profiles, list-profiles, profile",
    "`kubectl krew upgrade vouch` or `npm install --global kubectl-vouch` updates it.":
      "upgrade, update, self-update, selfupdate",
    "`kubectl krew uninstall vouch` or `npm uninstall --global kubectl-vouch` removes it.": "uninstall",
    "It is installed. The first command is `kubectl vouch setup eks --cluster NAME`.":
      "install, plugin install",
    "Any command with --debug logs every step to stderr.": "log, trace, verbose",
  },
  completion: {
    "Completion is available for bash, zsh, fish and PowerShell.":
      "tcsh, csh, ksh, nushell, nu, elvish, sh, dash",
  },
};

/** Commands of kubectl, which users type after our name. */
const KUBECTL_COMMANDS =
  "get, describe, apply, create, delete, edit, logs, scale, rollout, top, port-forward, cp, drain, cordon, patch, label, annotate, attach, api-resources, cluster-info, expose, replace, wait";

/** Options of other tools by the options that mean the same here; the first that the command has counts. */
const OTHER_OPTIONS: Readonly<Record<string, string>> = {
  cluster: "name, cluster-name, eks-cluster, c",
  "cluster-name": "name, cluster, eks-cluster",
  "context-name": "alias, rename, as, context-alias",
  context: "ctx, kube-context, kubecontext, cluster, cluster-name, name, c, profile, role, region",
  role: "role-arn, role-name, assume-role, assume-role-arn, iam-role",
  profile: "aws-profile, sso-profile, sso-session, sso, browser, role, role-arn, p",
  region: "aws-region, r",
  regions: "all-regions, aws-regions",
  namespace: "ns",
  evidence: "case, file, f, input, bundle",
  kubeconfig: "kube-config, kubeconfig-path, config, file, f",
  "sso-start-url": "start-url, sso-url, url, sso",
  server: "url, endpoint, host, vouch-server, address",
  account: "email, user, account-id",
  use: "set-current, current, switch, activate, set-context, use-context",
  "dry-run": "preview, what-if, whatif, plan, n",
  all: "all-clusters, everything",
  "all-contexts": "all, all-clusters, A",
  complete: "merge",
  error: "message, msg, stderr, e",
  "device-code": "device, use-device-code, no-browser, no-launch-browser, headless, remote",
  force: "f, relogin, refresh, again",
  "pin-stdin": "password-stdin, stdin",
  output: "format, json, yaml, output-format, f",
  yes: "y, assume-yes, auto-approve, force",
  fix: "apply, repair, auto-fix",
  undo: "revert, rollback, restore, remove, delete",
  verbose: "details, all-details, V",
  debug: "verbose, v, vv, trace, log-level, loglevel",
  color: "colour, no-colour, no-color, colors",
  version: "V, Version",
};
