import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import {
  type AccessRequest,
  abridged,
  attemptFault,
  commandWords,
  flagValue,
  isForAllNamespaces,
  namespaceFlag,
  parseAttempt,
  principalOfArn,
  type Question,
} from "../../../doctor/doctor.ts";
import { findProgram, isExecutable, searchIn } from "../../../doctor/probes/local/find-program.ts";
import { findKubectl } from "../../../doctor/probes/local/programs.ts";
import { typed } from "../../../token/command/command.ts";
import { posixWord } from "../../../token/command/render-command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { withoutDebugLines } from "../../../token/debug.ts";
import { envValue } from "../../../token/env.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { namedKubeconfig } from "../../../token/kubeconfig/kubeconfig-files.ts";
import { maskText } from "../../../token/masking/mask-text.ts";
import type { App } from "../../app.ts";
import { nearestWord } from "../../command-line/nearest-word.ts";
import { programRunner } from "../../programs/program-runner.ts";
import type { AskedOptions, DoctorOptions } from "./options.ts";

/** What a failing call printed; also the call and its exit code, if it was run for the question. */
interface CommandResult {
  readonly command?: string;
  readonly exitCode?: number;
  readonly stderr: string;
}

/**
 * The question that the command line asks. If it describes no call, the question is what people ask first: whether the pods of
 * the namespace may be listed. `contextNamespace` is that of the context; undefined if the evidence has its own question.
 * Throws `usage` for what cannot be read.
 */
export function questionOf(
  options: AskedOptions,
  {
    outcome,
    contextNamespace,
  }: { readonly outcome: CommandResult | undefined; readonly contextNamespace: string | undefined },
): Question {
  const { context, principal, allNamespaces } = options;
  const kubeconfigFile = namedKubeconfig(options.kubeconfig);
  const namespace = allNamespaces ? undefined : options.namespace;
  if (principal !== undefined && principalOfArn(principal) === undefined) {
    throw new VouchError("usage", `${principal} is not the ARN of an IAM role or user.`, {
      hint: "Example: arn:aws:iam::111122223333:role/NAME.",
    });
  }
  requireAttempt(options);
  const inNamespace = namespace ?? (outcome === undefined ? contextNamespace : undefined);
  const attempt =
    options.for !== undefined
      ? readAttempt(options.for, allNamespaces ? undefined : (namespace ?? contextNamespace))
      : allNamespaces
        ? LIST_PODS
        : inNamespace === undefined
          ? undefined
          : { ...LIST_PODS, namespace: inNamespace };
  return {
    ...(outcome ?? {}),
    ...(context === undefined ? {} : { context }),
    ...(kubeconfigFile === undefined ? {} : { kubeconfigFile }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(attempt === undefined ? {} : { attempt }),
    ...(principal === undefined ? {} : { principal }),
  };
}

const LIST_PODS: AccessRequest = { verb: "list", group: "", resource: "pods" };

const WRITE_IT = 'Examples: `--for "list deployments.apps -n web"`, `--for "get pods/web-0 -n web"`.';

function readAttempt(text: string, namespace: string | undefined): AccessRequest {
  const fault = attemptFault(text);
  if (fault?.verbs !== undefined) throw noVerb(text, fault.why, fault.verbs);
  if (fault?.meant !== undefined) {
    const again = typed(["kubectl", "vouch", "doctor", "--for", fault.meant]);
    throw new VouchError("usage", `${fault.why}.`, { hint: withCommands`Did you mean ${again}?` });
  }
  if (fault !== undefined) throw new VouchError("usage", `${fault.why}.`, { hint: WRITE_IT });
  const attempt = parseAttempt(text, namespace);
  if (attempt !== undefined) return attempt;
  throw new VouchError("usage", `Cannot parse --for ${JSON.stringify(text)}.`, { hint: WRITE_IT });
}

function noVerb(text: string, why: string, verbs: readonly string[]): VouchError {
  const words = commandWords(text);
  const [verb = ""] = words;
  const nearest = nearestWord(verb, verbs);
  const command = typed([
    "kubectl",
    "vouch",
    "doctor",
    "--",
    ...(verb === "kubectl" ? words.slice(1) : words),
  ]);
  const hint = isKubectl(verb)
    ? withCommands`To run a command, put it after --: ${command}.`
    : `${nearest === undefined ? "" : `Did you mean ${nearest}? `}${WRITE_IT}`;
  const all = nearest === undefined ? ` Verbs: ${verbs.slice(0, -1).join(", ")} and ${verbs.at(-1)}.` : "";
  return new VouchError("usage", `${why}.${all}`, { hint });
}

/** Throws `usage` if `--for` cannot be understood, or names another namespace than `-n`. */
export function requireAttempt({ for: text, namespace, allNamespaces }: AskedOptions): void {
  if (text === undefined) return;
  readAttempt(text, undefined);
  const words = commandWords(text);
  const isForAll = isForAllNamespaces(words);
  const named = isForAll ? undefined : namespaceFlag(words);
  if (namespace === undefined || allNamespaces || (!isForAll && (named ?? namespace) === namespace)) return;
  const asked = named === undefined ? "all namespaces" : `namespace ${named}`;
  throw new VouchError("usage", `--for specifies ${asked}, but -n specifies ${namespace}.`, {
    hint: "Specify only one of them.",
  });
}

/** The program after `--`: kubectl, or any other client of a cluster. */
interface CalledClient {
  /** Absolute path. */
  readonly program: string;
  /** The call as the user typed it: `helm list -n web`, without the flags that we add. */
  readonly words: readonly string[];
  readonly args: readonly string[];
}

/** kubectl's own commands, as 1.36 lists them; before these, `kubectl` may be left out. */
const KUBECTL_COMMANDS: ReadonlySet<string> = new Set([
  ...["create", "expose", "run", "set", "explain", "get", "edit", "delete", "rollout", "scale", "autoscale"],
  ...[
    "certificate",
    "cluster-info",
    "top",
    "cordon",
    "uncordon",
    "drain",
    "taint",
    "describe",
    "logs",
    "attach",
  ],
  ...["exec", "port-forward", "proxy", "cp", "auth", "debug", "events", "diff", "apply", "patch", "replace"],
  ...["wait", "kustomize", "label", "annotate", "completion", "api-resources", "api-versions", "config"],
  ...["kuberc", "plugin", "version", "alpha", "options", "help"],
]);

/** The flags with which other clients select a context. Clients not listed have none, or an unknown one. */
const CONTEXT_FLAGS: Readonly<Record<string, string>> = {
  argocd: "--kube-context",
  flux: "--context",
  helm: "--kube-context",
  helmfile: "--kube-context",
  istioctl: "--context",
  k9s: "--context",
  kustomize: "--context",
  linkerd: "--context",
  skaffold: "--kube-context",
  stern: "--context",
};

/** Where the command is to be run, as the doctor's own options say. */
interface CalledPlace {
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
  /** For a command of kubectl that names none. */
  readonly namespace?: string | undefined;
}

/**
 * What to run for the words after `--`. A first word that is no command of kubectl is a program, if PATH has one of that name,
 * else a plugin of kubectl. Throws `usage` if there is neither.
 */
export function calledClient(
  app: Pick<App, "env" | "dropped" | "platform">,
  command: readonly string[],
  { context, kubeconfig, namespace }: CalledPlace,
): CalledClient {
  const env = { ...app.env, ...app.dropped };
  const [first = "", ...rest] = command;
  const other = isKubectl(first) ? undefined : findProgram(first, searchIn({ env, platform: app.platform }));
  if (other !== undefined) {
    if (!isExecutable(other)) throw new VouchError("usage", `${first} is not a program that you can run.`);
    const flags = context === undefined ? [] : [contextFlag(first), context];
    return { program: path.resolve(other), words: command, args: [...rest, ...flags] };
  }
  const program = findKubectl({ env, platform: app.platform });
  if (program === undefined) {
    throw new VouchError(
      "usage",
      `${envValue(env, "KUBECTL_PATH") ?? "kubectl"} is not on PATH, so the command was not run.`,
      { hint: "Run it elsewhere and paste its output: `kubectl vouch doctor --error -`." },
    );
  }
  const isNamed =
    namespace === undefined || namespaceFlag(command) !== undefined || isForAllNamespaces(command);
  const flags = [
    ...(isNamed ? [] : ["--namespace", namespace]),
    ...(context === undefined ? [] : ["--context", context]),
    ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]),
  ];
  const words = first === "kubectl" ? rest : command;
  const isPlugin = !isKubectl(words[0] ?? "-");
  // kubectl takes no flags before the name of a plugin. Source: KUBECTL.md, "Dispatch".
  return {
    program,
    words: ["kubectl", ...words, ...(isNamed ? [] : ["-n", namespace])],
    args: isPlugin ? [...words, ...flags] : [...flags, ...words],
  };
}

/** The kubeconfig of `--kubeconfig`, here or in the command after `--`. Throws `usage` if these differ. */
export function kubeconfigMeant({
  command,
  kubeconfig,
}: {
  readonly command: readonly string[];
  readonly kubeconfig: string | undefined;
}): string | undefined {
  const [first = ""] = command;
  const isKnown = isKubectl(first) || Object.hasOwn(CONTEXT_FLAGS, first);
  // An empty value, as from an unset variable, names none.
  const named = (isKnown ? flagValue(command, "--kubeconfig") : undefined) || undefined;
  if (named === undefined || kubeconfig === undefined) return named ?? kubeconfig;
  if (path.resolve(named) === path.resolve(kubeconfig)) return kubeconfig;
  throw new VouchError("usage", "--kubeconfig and the command after -- specify different files.", {
    hint: "Omit one of them.",
  });
}

/** Whether a word is `kubectl`, a flag or one of kubectl's own commands. */
function isKubectl(word: string): boolean {
  return word === "kubectl" || word.startsWith("-") || KUBECTL_COMMANDS.has(word);
}

function contextFlag(name: string): string {
  const flag = CONTEXT_FLAGS[name];
  if (flag !== undefined) return flag;
  throw new VouchError("usage", `It is not known which flag of ${name} specifies a context.`, {
    hint: `Omit --context and use the flag of ${name} after --, or make the context the current one.`,
  });
}

/** How the call went: the output of the command now, or what was pasted. `isRepeated`: the command has failed before. */
export async function outcomeOf(
  app: App,
  options: DoctorOptions,
  { isRepeated = false }: { readonly isRepeated?: boolean } = {},
): Promise<CommandResult | undefined> {
  const { command, error, kubeconfig, redact, output } = options;
  if (command.length > 0) {
    const show = redact ? "nowhere" : output === "text" ? "out" : "err";
    const result = await runClient(app, calledClient(app, command, options), {
      kubeconfig,
      show,
      isRepeated,
    });
    requireUnderstood(result);
    return result;
  }
  if (error === undefined) return undefined;
  const stderr = withoutDebugLines(error === "-" ? await app.io.readStdin() : error);
  if (stderr.trim() !== "") return { stderr: abridged(stderr) };
  throw new VouchError("usage", "The error text is empty.", {
    hint: "Pipe it in: `kubectl get pods 2>&1 | kubectl vouch doctor --error -`.",
  });
}

/** A client's message for an invalid command line, which did not call a cluster. */
const NOT_UNDERSTOOD = /^(?:Error|error): unknown (?:command|flag|shorthand flag)\b.*/m;

function requireUnderstood({ command, stderr }: CommandResult): void {
  const [line] = NOT_UNDERSTOOD.exec(stderr) ?? [];
  if (line === undefined) return;
  throw new VouchError("usage", `The command is invalid and did not call a cluster: ${command}`, {
    hint: `Its output: ${line}. Correct the command after --.`,
  });
}

interface RunClientOptions {
  readonly kubeconfig: string | undefined;
  /** Where to show its output: nowhere, if names are redacted; not inside a report that programs read. */
  readonly show: "out" | "err" | "nowhere";
  /** It has failed before: its output is only shown if it works now. */
  readonly isRepeated?: boolean;
}

/** Runs the command after `--`, shows its output without colors, and returns how it ended. It has no terminal to ask at. */
export async function runClient(
  app: App,
  { program, words, args }: CalledClient,
  { kubeconfig, isRepeated = false, ...options }: RunClientOptions,
): Promise<CommandResult> {
  const env = {
    ...app.env,
    ...app.dropped,
    ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
  };
  const result = await programRunner(app)({ client: program, args }, { env, signal: app.signal });
  const show = isRepeated && result.exitCode !== 0 ? "nowhere" : options.show;
  const [stdout, stderr] = [result.stdout, result.stderr].map(stripVTControlCharacters);
  if (show === "out") app.io.out(stdout ?? "");
  if (show === "err") app.io.err(stdout ?? "");
  if (show !== "nowhere") app.io.err(stderr ?? "");
  return {
    command: words.map(posixWord).join(" "),
    exitCode: result.exitCode,
    stderr: maskText(withoutDebugLines(result.stderr)),
  };
}
