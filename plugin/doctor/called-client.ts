import path from "node:path";
import { flagValue, isForAllNamespaces, namespaceFlag } from "../../doctor/doctor.ts";
import { findProgram, isExecutable, searchIn } from "../../doctor/probes/local/find-program.ts";
import { findKubectl } from "../../doctor/probes/local/programs.ts";
import { envValue } from "../../token/env.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";

/** The program after `--`: kubectl, or any other client of a cluster. */
export interface CalledClient {
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
export interface CalledPlace {
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
export function isKubectl(word: string): boolean {
  return word === "kubectl" || word.startsWith("-") || KUBECTL_COMMANDS.has(word);
}

function contextFlag(name: string): string {
  const flag = CONTEXT_FLAGS[name];
  if (flag !== undefined) return flag;
  throw new VouchError("usage", `It is not known which flag of ${name} specifies a context.`, {
    hint: `Omit --context and use the flag of ${name} after --, or make the context the current one.`,
  });
}
