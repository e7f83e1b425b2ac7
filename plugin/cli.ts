import yargs from "yargs";
import { debug, stacksOf } from "../token/debug.ts";
import { EXIT, reasonOf, VouchError } from "../token/errors/errors.ts";
import { systemError } from "../token/errors/system-error.ts";
import { isDebugOn } from "../token/hot/debug-variable.ts";
import { VERSION } from "../token/hot/version.ts";
import { shownLines } from "../token/text/printable.ts";
import type { App } from "./app.ts";
import type { ArrangedWords } from "./command-line/arranged-words.ts";
import { type CommandLine, readCommandLine } from "./command-line/command-line.ts";
import { withUsualCommand } from "./command-line/usual-command.ts";
import { cacheCommand } from "./commands/cache.ts";
import type { CommandContext } from "./commands/command-context.ts";
import { completionCommand } from "./commands/completion.ts";
import { configCommand } from "./commands/config.ts";
import { credentialCommand } from "./commands/credential.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { enrollCommand } from "./commands/enroll.ts";
import { execCommand } from "./commands/exec.ts";
import { explainCommand } from "./commands/explain.ts";
import { keysCommand } from "./commands/keys.ts";
import { loginCommand } from "./commands/login.ts";
import { logoutCommand } from "./commands/logout.ts";
import { setupCommand } from "./commands/setup.ts";
import { statusCommand } from "./commands/status.ts";
import { tokenCommand } from "./commands/token.ts";
import { versionCommand } from "./commands/version.ts";
import { whoamiCommand } from "./commands/whoami.ts";
import { COLOR_CHOICES, type ColorChoice, style } from "./terminal/style.ts";
import { textWidth } from "./terminal/text-width.ts";
import { refuseOddSwitch, refuseWordsBehindDashes, rejectUnknownValues, usageError } from "./usage-error.ts";

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
    if (args[0] === "help" && args.length === 2 && (await printHelpTopic(args[1] ?? "", context)))
      return EXIT.ok;
    const typed = arranged(args, context);
    await parser(context, typed).parseAsync(typed.words, {}, (_error, _options, text) => {
      if (text) app.io.out(`${text}\n`);
    });
    return context.exit;
  } catch (error) {
    return explain(error, context);
  }
}

async function printHelpTopic(topic: string, context: CommandContext): Promise<boolean> {
  const { printTopic } = await import("./help/print-topic.ts");
  return printTopic(topic, { app: context.app, commands: () => commandLine(context).commands });
}

/** Answers completion requests. It is not a yargs command: half a command line must not be parsed as a whole one. */
async function completeWords(words: readonly string[], context: CommandContext): Promise<number> {
  const { complete } = await import("./completion/complete.ts");
  return complete(words, { app: context.app, commands: () => commandLine(context) });
}

/** Commands that take another program's command after `--`. */
const RUNS_COMMANDS = ["doctor", "exec"];

/** Words that need no arranging when alone, and are common: this saves building all commands once. */
const IN_ORDER = new Set<string | undefined>(["--help", "-h", "--version"]);

/** Arranges words by kubectl's grammar; but those of the credential plugin stay as setup wrote them into the kubeconfig. */
function arranged(args: readonly string[], context: CommandContext): ArrangedWords {
  if (args[0] === "credential" && args[1] === "eks") return { path: ["credential", "eks"], words: args };
  if (args.length === 1 && IN_ORDER.has(args[0])) return { path: [], words: args };
  const typed = withUsualCommand(commandLine(context), args);
  const line = { ...typed, program: context.app.programName };
  refuseOddSwitch(line);
  if (!RUNS_COMMANDS.includes(typed.path[0] ?? "")) refuseWordsBehindDashes(line);
  return typed;
}

function commandLine(context: CommandContext): CommandLine {
  return readCommandLine(() => parser(context));
}

/** Everything that the program accepts: commands and options, and how it refuses the rest. */
export function parser(context: CommandContext, typed: ArrangedWords = { path: [], words: [] }) {
  const { app } = context;
  const program = yargs();
  renderNoHelpAhead(program);
  return program
    .scriptName(app.programName)
    .locale("en")
    .parserConfiguration({
      "boolean-negation": false,
      "dot-notation": false,
      "populate--": RUNS_COMMANDS.includes(typed.path[0] ?? ""),
      "short-option-groups": false,
    })
    .usage("$0 <command>\n\nSign in to Amazon EKS with a security key, or with any AWS profile.")
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
    .command(doctorCommand(context))
    .command(explainCommand(context))
    .command(configCommand(context))
    .command(cacheCommand(context))
    .command(completionCommand(context))
    .command(versionCommand(context))
    .option("color", {
      choices: COLOR_CHOICES,
      default: "auto" as const,
      describe: "Color the text",
      global: true,
    })
    .option("debug", {
      type: "boolean",
      describe: "Log every step to stderr (also VOUCH_DEBUG=1)",
      global: true,
    })
    .middleware((options) => {
      rejectUnknownValues(options, typed.words);
      context.color = options["color"] as ColorChoice;
    }, true)
    .middleware(debugCommand)
    .example("$0 login", "Once a day: touch your security key")
    .example("$0 login --profile dev", "Or for an AWS profile, in the browser")
    .example("$0 setup eks --cluster NAME", "Once per cluster: write a kubectl context")
    .example("$0 status", "Who is logged in, and how long")
    .epilogue("More: `$0 <command> --help`, `$0 help environment|files|exit-status|security`.")
    .demandCommand(1, "No command was given.")
    .strict()
    .help()
    .alias("help", "h")
    .version(VERSION)
    .wrap(textWidth(app))
    .exitProcess(false)
    .fail((message, error, self) => {
      const isUsage = error === undefined || error === null || error.name === "YError";
      if (!isUsage) throw error;
      const help = () => self.help() as unknown as string;
      throw usageError(message || error?.message, { ...typed, program: app.programName }, help);
    });
}

/**
 * When it starts a command, yargs renders its help in case an error needs it; none of ours does, and it takes longer than most
 * commands. Source: yargs 18, command.js, handleValidationAndGetResult.
 */
function renderNoHelpAhead(program: object): void {
  const { getInternalMethods } = program as {
    getInternalMethods(): { getUsageInstance(): { cacheHelpMessage(): void } };
  };
  getInternalMethods.call(program).getUsageInstance().cacheHelpMessage = () => {};
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
    "KUBERNETES_EXEC_INFO is set, as by kubectl for its credential plugin: then only `credential eks` and `version` run.",
    args[0] === "credential"
      ? {
          hint: "For a kubeconfig entry that runs `aws eks get-token` with a profile of ours: `kubectl vouch setup eks --cluster NAME --migrate`",
        }
      : {},
  );
}

/** Node's own log of requests has the tokens in them. The launcher drops the variable; where there is none, it is refused. */
function refuseNodesLog({ env }: App): void {
  if ((env["NODE_DEBUG"] ?? "") === "") return;
  throw new VouchError("node-debug-set", "NODE_DEBUG would make Node print secrets.");
}

/** Nobody can switch off the check of certificates. The launcher drops the variable; here it is refused. */
function refuseDisabledTls({ env }: App): void {
  if (env["NODE_TLS_REJECT_UNAUTHORIZED"] !== "0") return;
  throw new VouchError(
    "tls-check-disabled",
    "NODE_TLS_REJECT_UNAUTHORIZED=0 would switch off the check of certificates.",
    {
      hint: "Run `unset NODE_TLS_REJECT_UNAUTHORIZED`. Name your own certificate authority in VOUCH_CA_BUNDLE or AWS_CA_BUNDLE.",
    },
  );
}

/** Reports an error that nobody awaited, from a timer or a stream; the result is the exit status. */
export function explainUncaught(error: unknown, app: App): number {
  return explain(error, { app, color: "auto", exit: EXIT.ok });
}

/** The most characters of an option's value that are shown. */
const SHOWN = 200;

/** Logs the command and its options, as they were parsed. */
function debugCommand({ _: words, $0: _program, ...options }: Readonly<Record<string, unknown>>): void {
  const given = Object.entries(options)
    .filter(([name, value]) => /^[a-z-]{2,}$/.test(name) && value !== undefined)
    .map(([name, value]) => `${name}=${JSON.stringify(value).slice(0, SHOWN)}`);
  debug(`command ${[words].flat().join(" ")}: ${given.join(" ")}`);
}

function explain(thrown: unknown, { app, color }: CommandContext): number {
  debug(`failed:\n${stacksOf(thrown)}`);
  const ink = style(app, "err", color);
  const error = systemError(thrown) ?? thrown;
  if (error instanceof VouchError) {
    const text = shownLines(`${error.message} [${error.code}]\n${error.hint}\n`);
    app.io.paint("err", `${ink.red("error:")} ${text}`);
    return error.exit;
  }
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const text = shownLines(`${reasonOf(error)} [internal]\n${stack}\n`);
  app.io.paint(
    "err",
    `${ink.red("error:")} This is a bug in kubectl-vouch ${VERSION}: ${text}Report it with the command, this text and its output with --debug.\n`,
  );
  return EXIT.bug;
}
