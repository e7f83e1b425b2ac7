import {
  aws,
  type Command,
  commaSeparated,
  kubectl,
  type Run,
  run,
  structure,
} from "../../token/command/command.ts";
import {
  type RenderedCommand,
  renderCommand,
  type ShellOrGuess,
} from "../../token/command/render-command.ts";
import { escaped } from "../../token/command/run-words.ts";
import { type Sentence, sentenceText } from "../../token/command/sentence.ts";
import { isPrintable } from "../../token/text/printable.ts";
import { entryCommand } from "./access-entry-actions.ts";
import type {
  Action,
  Audience,
  CreateBinding,
  Document,
  Fix,
  SetAuthenticationMode,
  SetExec,
  SetupEks,
} from "./fix.ts";

/** A fix as it is printed. */
export interface RenderedFix {
  readonly audience: Audience;
  readonly description: string;
  /** Lines to paste, in order. Empty if one of them cannot be printed, since half a fix is no fix. */
  readonly commands: readonly string[];
  /** A manifest to apply, or an excerpt to put into a file. */
  readonly text?: string | undefined;
  /** Why commands or text are not printed, with the values, escaped. */
  readonly unprintable: readonly string[];
}

/** Renders a fix for the user who pastes it. */
export function renderFix({ audience, description, actions = [] }: Fix, asker: Reader): RenderedFix {
  const reader = readerFor(audience, asker);
  const commands: Command[] = actions.flatMap((action) =>
    action.kind === "document" ? [] : [...commandsOf(action)],
  );
  const rendered = commands.map((command) => commandFor(command, reader));
  const text = actions.flatMap((action) => (action.kind === "document" ? [action.text] : [])).join("\n");
  const hidden = text.split("\n").filter((line) => !isPrintable(line));
  const unprintable = [
    ...rendered.flatMap((result) => ("unprintable" in result ? [result.unprintable] : [])),
    ...hidden.map((line) => `${escaped(line)} contains characters that a terminal does not show`),
  ];
  const isWhole = unprintable.length === 0;
  return {
    audience,
    description: sentenceFor(description, reader),
    commands: isWhole ? rendered.flatMap((result) => ("line" in result ? [result.line] : [])) : [],
    text: isWhole && text !== "" ? text : undefined,
    unprintable: [...new Set(unprintable)],
  };
}

/** The user who reads commands, and pastes them. */
export interface Reader {
  readonly shell: ShellOrGuess;
  /** The file that they gave with `--kubeconfig`: without it, a command would read or change another file. */
  readonly kubeconfig?: string | undefined;
  /** The context that was asked about, if it is not the current one: without it, a command would call another cluster. */
  readonly context?: string | undefined;
  /** The admin's own context for the cluster, if it is known and not their current one. */
  readonly adminContext?: string | undefined;
  /** Whether they ask about another user: then the context is that of an admin. */
  readonly isAdmin?: boolean | undefined;
  /** Whether the case was saved, perhaps on another machine. */
  readonly isSaved?: boolean | undefined;
}

/** For a user to replace, as all placeholders. */
const ADMIN_CONTEXT = "ADMIN_CONTEXT";

/**
 * Who pastes what is meant for this audience. An admin has contexts of their own: where the caller's is not the current one, a
 * placeholder stands for the admin's, so that no command changes another cluster. A saved case is read elsewhere, with another
 * kubeconfig.
 */
export function readerFor(audience: Audience, asker: Reader): Reader {
  const { adminContext } = asker;
  if (audience !== "you" && adminContext !== undefined) return { ...asker, context: adminContext };
  if (audience === "you" || asker.isAdmin === true) return asker;
  if (asker.isSaved === true) return { shell: asker.shell };
  return { ...asker, context: asker.context === undefined ? undefined : ADMIN_CONTEXT };
}

/** Renders a command, with the intended kubeconfig and context. */
export function commandFor(command: Command, reader: Reader): RenderedCommand {
  return renderCommand(asMeant(command, reader), reader.shell);
}

/** Renders a sentence; each command in it has the intended kubeconfig and context. */
export function sentenceFor(value: Sentence, reader: Reader): string {
  const parts =
    typeof value === "string"
      ? value
      : value.map((part) => (typeof part === "string" ? part : asMeant(part, reader)));
  return sentenceText(parts, reader.shell);
}

/** A command with the intended kubeconfig and context. */
export function asMeant(command: Command, reader: Reader): Command {
  switch (command.kind) {
    case "run":
      return runAsMeant(command, reader);
    case "pipe":
      return { ...command, runs: command.runs.map((run) => runAsMeant(run, reader)) };
    case "write-file":
      return { ...command, run: runAsMeant(command.run, reader) };
    case "set-variable":
    case "unset-variables":
      return command;
  }
}

export function runAsMeant(run: Run, { kubeconfig, context }: Reader): Run {
  const meant = {
    ...(usesContext(run) ? { context } : {}),
    ...(usesKubeconfig(run) ? { kubeconfig } : {}),
  };
  // Options that the command itself sets take precedence.
  return { ...run, options: { ...run.options, ...meant, ...run.options } };
}

/** Commands of ours that read a kubeconfig; the others do not have this option. */
const OURS = ["doctor", "setup eks", "status", "whoami"];

/** Verbs of kubectl that use no kubeconfig, or that belong to another user's plugin, which might not have the option. */
const WITHOUT = ["krew", "kuberc"];

function usesKubeconfig(run: Run): boolean {
  if (run.program === "aws") return run.verb.join(" ") === "eks update-kubeconfig";
  const [first, ...rest] = kubectlWords(run) ?? WITHOUT;
  if (first === undefined) return true;
  if (first !== "vouch") return !WITHOUT.includes(first);
  const words = `${rest.join(" ")} `;
  return OURS.some((known) => words.startsWith(`${known} `));
}

/** Verbs of kubectl that call no cluster. */
const LOCAL = [...WITHOUT, "plugin", "version"];

/** Whether it calls a cluster, or shows the context in force. */
function usesContext(run: Run): boolean {
  const [first, second = ""] = kubectlWords(run) ?? [];
  if (first === "config") return second === "view" && run.options["minify"] === true;
  if (first === "vouch") return ["doctor", "whoami"].includes(second);
  return first !== undefined && !LOCAL.includes(first);
}

/** The subcommands of kubectl, also if `env` starts it; undefined for other programs. */
function kubectlWords({ program, verb }: Run): readonly string[] | undefined {
  if (program === "kubectl") return verb;
  const start = program === "env" ? verb.indexOf("kubectl") : -1;
  return start < 0 ? undefined : verb.slice(start + 1);
}

/** An action as commands of the default tools: the AWS CLI, kubectl and our own. */
export function commandsOf(action: Exclude<Action, Document>): readonly Command[] {
  switch (action.kind) {
    case "set-authentication-mode":
      return [updateMode(action), waitForCluster(action)];
    case "create-access-entry": {
      const { target, principalArn, groups, username, type } = action;
      const more = { type, "kubernetes-groups": groups, username };
      return [entryCommand("create-access-entry", target, principalArn, more)];
    }
    case "associate-access-policy": {
      const { target, principalArn, policyArn, scope } = action;
      const more = { "policy-arn": policyArn, "access-scope": structure({ ...scope }) };
      return [entryCommand("associate-access-policy", target, principalArn, more)];
    }
    case "delete-access-entry":
      return [entryCommand("delete-access-entry", action.target, action.principalArn)];
    case "create-binding":
      return [createBinding(action)];
    case "setup-eks":
      return [setupEks(action)];
    case "set-exec":
      return [setExec(action)];
    default:
      return [action];
  }
}

function updateMode({ target: { cluster, region }, authenticationMode }: SetAuthenticationMode): Command {
  const config = structure({ authenticationMode: authenticationMode });
  return aws("eks update-cluster-config", { name: cluster, region, "access-config": config });
}

/** A change of mode takes effect once the cluster is active again. */
export function waitForCluster({ target: { cluster, region } }: SetAuthenticationMode): Command {
  return aws("eks wait cluster-active", { name: cluster, region });
}

function createBinding({ name, role, subject, namespace }: CreateBinding): Command {
  return kubectl(
    `create ${namespace === undefined ? "clusterrolebinding" : "rolebinding"}`,
    {
      n: namespace,
      [role.kind === "Role" ? "role" : "clusterrole"]: role.name,
      [subject.kind.toLowerCase()]:
        subject.kind === "ServiceAccount" ? `${subject.namespace}:${subject.name}` : subject.name,
    },
    name,
  );
}

function setupEks({
  cluster = "CLUSTER",
  region = "REGION",
  isAmbient,
  kind,
  contextName,
  sessionName,
  ...identity
}: SetupEks): Command {
  const ambient = isAmbient ? true : undefined;
  const named = { ambient, "session-name": sessionName, "context-name": contextName } as const;
  return run("kubectl", "vouch setup eks", { cluster, region, ...identity, ...named });
}

/**
 * kubectl keeps fields that are not given (tested with 1.28, 1.32 and 1.36), but drops the arguments if a command is set without
 * them.
 */
function setExec({ user, fields }: SetExec): Command {
  const { apiVersion, command, args, env = {}, interactiveMode, provideClusterInfo } = fields;
  const variables = Object.entries(env).map(([name, value]) =>
    value === undefined ? `${name}-` : `${name}=${value}`,
  );
  const options = {
    "exec-api-version": apiVersion,
    "exec-command": command,
    "exec-arg": args?.map((arg) => commaSeparated(arg)),
    "exec-env": variables.length === 0 ? undefined : variables,
    "exec-interactive-mode": interactiveMode,
    "exec-provide-cluster-info": provideClusterInfo,
  };
  return kubectl("config set-credentials", options, user);
}
