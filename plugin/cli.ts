import { unsetVariables } from "../token/command/command.ts";
import { withCommands } from "../token/command/sentence.ts";
import { debug, stacksOf } from "../token/debug.ts";
import { EXIT, reasonOf, VouchError } from "../token/errors/errors.ts";
import { systemError } from "../token/files/file-errors.ts";
import { isDebugOn } from "../token/hot/debug-variable.ts";
import { VERSION } from "../token/hot/version.ts";
import { maskKnownForms } from "../token/masking/known-forms.ts";
import { shownLines } from "../token/text/printable.ts";
import type { App } from "./app.ts";
import { type Command, type CommandLine, commandLineOf } from "./command-line/command-line.ts";
import { refuseOddSwitch, refuseWordsBehindDashes } from "./command-line/usage-error.ts";
import { type ArrangedWords, type KnownNames, sortWords, withUsualCommand } from "./command-line/words.ts";
import { accessCommand } from "./commands/access.ts";
import { cacheCommand } from "./commands/cache.ts";
import { completionCommand } from "./commands/completion/completion.ts";
import { configCommand } from "./commands/config/config.ts";
import { credentialCommand } from "./commands/credential/credential.ts";
import { doctorCommand } from "./commands/doctor/doctor.ts";
import { enrollCommand } from "./commands/enroll.ts";
import { execCommand } from "./commands/exec.ts";
import { explainCommand } from "./commands/explain.ts";
import { keysCommand } from "./commands/keys/keys.ts";
import { loginCommand } from "./commands/login/login.ts";
import { logoutCommand } from "./commands/logout/logout.ts";
import type { CommandContext } from "./commands/options.ts";
import { setupCommand } from "./commands/setup/setup.ts";
import { statusCommand } from "./commands/status/status.ts";
import { tokenCommand } from "./commands/token.ts";
import { versionCommand } from "./commands/version.ts";
import { whoamiCommand } from "./commands/whoami.ts";
import { COLOR_CHOICES, type ColorChoice, style, textWidth } from "./terminal/style.ts";

/** Runs one command line; the result is the exit status. Every expected failure becomes a message here. */
export async function run(args: readonly string[], app: App): Promise<number> {
  if (!isDebugWanted(args, app)) return runCommand(args, app);
  const { printDebugLines } = await import("./terminal/debug-lines.ts");
  const stop = printDebugLines(app);
  try {
    return await runCommand(args, app);
  } finally {
    stop();
  }
}

/** Checked before the command line is parsed, so that it shows why that fails. What follows `--` is not for us. */
function isDebugWanted(args: readonly string[], { env }: App): boolean {
  const ours = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (ours[0] === "__complete") return false;
  return ours.includes("--debug") || ours.includes("--debug=true") || isDebugOn(env["VOUCH_DEBUG"]);
}

async function runCommand(args: readonly string[], app: App): Promise<number> {
  const context: CommandContext = { app, color: "auto", exit: EXIT.ok };
  try {
    refuseAsPlugin(args, app);
    if (args[0] === "__complete") return await completeWords(args.slice(1), context);
    refuseDisabledTls(app);
    refuseNodesLog(app);
    if (args[0] === "help" && args.length >= 2 && (await printHelpTopic(args[1] ?? "", context)))
      return EXIT.ok;
    await obey(arranged(args, context), context);
    return context.exit;
  } catch (error) {
    return explain(error, context);
  }
}

async function printHelpTopic(topic: string, context: CommandContext): Promise<boolean> {
  const { printTopic } = await import("./manual/topics.ts");
  return printTopic(topic, { app: context.app, commands: () => commandLine(context).commands });
}

/** Answers completion requests: half a command line must not be parsed as a whole one. */
async function completeWords(words: readonly string[], context: CommandContext): Promise<number> {
  const { complete } = await import("./completion/complete.ts");
  return complete(words, { app: context.app, commands: () => commandLine(context) });
}

/** Commands that take another program's command after `--`. */
const RUNS_COMMANDS = ["doctor", "exec"];

/** Arranges words by kubectl's grammar; but those of the credential plugin stay as setup wrote them into the kubeconfig. */
function arranged(args: readonly string[], context: CommandContext): ArrangedWords {
  if (args[0] === "credential" && args[1] === "eks") return { path: ["credential", "eks"], words: args };
  const typed = withUsualCommand(commandLine(context), args);
  const line = { ...typed, program: context.app.programName, known: NOTHING_KNOWN };
  refuseOddSwitch(line);
  // A mistyped command may be one of those.
  const isMistyped = typed.path.length === 0 && /^[^-]/.test(typed.words[0] ?? "");
  if (!isMistyped && !RUNS_COMMANDS.includes(typed.path[0] ?? "")) refuseWordsBehindDashes(line);
  return typed;
}

const NOTHING_KNOWN: KnownNames = { contexts: [], profiles: [] };

/** For the correction of a command line that is not accepted. */
async function knownNames(app: App): Promise<KnownNames> {
  const { KnownThings } = await import("./completion/known-things.ts");
  const known = new KnownThings(app, undefined);
  const names = (candidates: readonly { readonly value: string }[]) => candidates.map(({ value }) => value);
  return { contexts: names(known.contexts()), profiles: names(known.profiles()) };
}

/** Prints the help or the version, or runs the command with its options. */
async function obey(typed: ArrangedWords, context: CommandContext): Promise<void> {
  const { app } = context;
  const line = typed.path.reduce<CommandLine | undefined>(
    (at, name) => at?.behind(name),
    commandLine(context),
  );
  if (line === undefined) throw new Error(`unknown command ${typed.path.join(" ")}`);
  const words = sortWords(line, typed.words.slice(typed.path.length));
  if (words.asksFor === "version") return app.io.out(`${VERSION}\n`);
  if (words.asksFor === "help") {
    const { helpText } = await import("./command-line/help-text.ts");
    return app.io.out(helpText(line, app.programName, textWidth(app)));
  }
  const { readOptions } = await import("./command-line/read-options.ts");
  const isExpected = words.positionals.length <= line.positionals.length;
  const known = isExpected ? NOTHING_KNOWN : await knownNames(app);
  const options = readOptions(line, words, { ...typed, program: app.programName, known });
  context.color = options["color"] as ColorChoice;
  debugCommand(typed.path, options);
  await line.handler?.(options as Parameters<NonNullable<Command["handler"]>>[0]);
}

export function commandLine(context: CommandContext): CommandLine {
  return commandLineOf(programOf(context), GLOBAL_OPTIONS);
}

/** What every command takes. */
const GLOBAL_OPTIONS = {
  color: { choices: COLOR_CHOICES, requiresArg: true, default: "auto", describe: "Color the text" },
  debug: { type: "boolean", describe: "Log every step to stderr (also VOUCH_DEBUG=1)" },
  help: { alias: "h", type: "boolean", describe: "Print this help" },
  version: { type: "boolean", describe: "Print the version" },
} as const;

/** Everything that the program accepts. */
function programOf(context: CommandContext): Command {
  return {
    command: "kubectl-vouch",
    describe: "Sign in to Amazon EKS with a security key, or with any AWS profile.",
    builder: (declare) =>
      declare
        .command(enrollCommand(context))
        .command(loginCommand(context))
        .command(logoutCommand(context))
        .command(statusCommand(context))
        .command(keysCommand(context))
        .command(setupCommand(context))
        .command(credentialCommand(context))
        .command(execCommand(context))
        .command(tokenCommand(context))
        .command(whoamiCommand(context))
        .command(accessCommand(context))
        .command(doctorCommand(context))
        .command(explainCommand(context))
        .command(configCommand(context))
        .command(cacheCommand(context))
        .command(completionCommand(context))
        .command(versionCommand(context))
        .example("$0 login", "Once a day: touch your security key")
        .example("$0 login --profile dev", "Or for an AWS profile, in the browser")
        .example("$0 setup eks --cluster NAME", "Once per cluster: write a kubectl context")
        .example("$0 status", "Who is logged in, and how long")
        .epilogue("More: `$0 <command> --help`, `$0 help environment|files|exit-status|security`.")
        .demandCommand("No command is specified."),
  };
}

/** The commands that a client may start as its credential plugin. */
const PLUGIN_COMMANDS: readonly (readonly string[])[] = [["credential", "eks"], ["version"]];

/**
 * client-go sets KUBERNETES_EXEC_INFO after the variables of a kubeconfig, so an `exec` block cannot unset it: an allowed
 * plugin must not become a login, a setup, or a doctor that runs programs.
 */
function refuseAsPlugin(args: readonly string[], { env }: App): void {
  if (!env["KUBERNETES_EXEC_INFO"]?.trim()) return;
  if (PLUGIN_COMMANDS.some((words) => words.every((word, index) => args[index] === word))) return;
  throw new VouchError(
    "exec-command-refused",
    "KUBERNETES_EXEC_INFO is set, as when kubectl runs a credential plugin; in that case, only `credential eks` and `version` are allowed.",
    args[0] === "credential"
      ? {
          hint: "If the kubeconfig entry runs `aws eks get-token` with a profile of kubectl-vouch: `kubectl vouch setup eks --cluster NAME --migrate`",
        }
      : {
          hint: withCommands`Run it in a shell, not as a credential plugin. If KUBERNETES_EXEC_INFO is set in the shell: ${unsetVariables("KUBERNETES_EXEC_INFO")}`,
        },
  );
}

/** Node's own log of requests has the tokens in them. The launcher drops the variable; where there is none, it is refused. */
function refuseNodesLog({ env }: App): void {
  if ((env["NODE_DEBUG"] ?? "") === "") return;
  throw new VouchError("node-debug-set", "NODE_DEBUG would make Node print secrets.", {
    hint: withCommands`Run ${unsetVariables("NODE_DEBUG")}. For a log without secrets, add --debug to the command.`,
  });
}

/** Certificate verification cannot be disabled. The launcher drops the variable; without it, it is refused here. */
function refuseDisabledTls({ env }: App): void {
  if (env["NODE_TLS_REJECT_UNAUTHORIZED"] !== "0") return;
  throw new VouchError(
    "tls-check-disabled",
    "NODE_TLS_REJECT_UNAUTHORIZED=0 would disable certificate verification.",
    {
      hint: withCommands`Run ${unsetVariables("NODE_TLS_REJECT_UNAUTHORIZED")}. If you have your own CA, set VOUCH_CA_BUNDLE or AWS_CA_BUNDLE.`,
    },
  );
}

/** Reports an error that was not awaited, from a timer or a stream; the result is the exit status. */
export function explainUncaught(error: unknown, app: App): number {
  return explain(error, { app, color: "auto", exit: EXIT.ok });
}

/** The most characters of an option's value that are shown. */
const SHOWN = 200;

/** Logs the command and its options, as they were parsed. */
function debugCommand(words: readonly string[], options: Readonly<Record<string, unknown>>): void {
  const given = Object.entries(options)
    .filter(([name, value]) => /^[a-z-]{2,}$/.test(name) && value !== undefined)
    .map(([name, value]) => `${name}=${JSON.stringify(value).slice(0, SHOWN)}`);
  debug(`command ${words.join(" ")}: ${given.join(" ")}`);
}

function explain(thrown: unknown, { app, color }: CommandContext): number {
  debug(`failed:\n${stacksOf(thrown)}`);
  const ink = style(app, "err", color);
  const error = systemError(thrown) ?? thrown;
  if (error instanceof VouchError) {
    // What was typed by mistake may be a token.
    const text = shownLines(maskKnownForms(`${error.message} [${error.code}]\n${error.hint}\n`, () => false));
    app.io.paint("err", `${ink.red("error:")} ${text}`);
    return error.exit;
  }
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const text = shownLines(`${reasonOf(error)} [internal]\n${stack}\n`);
  app.io.paint(
    "err",
    `${ink.red("error:")} This is a bug in kubectl-vouch ${VERSION}: ${text}Report it with the command, this text and the output with --debug.\n`,
  );
  return EXIT.bug;
}
