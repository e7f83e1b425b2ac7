import { type Command, defineCommand } from "../command-line/command-line.ts";
import { type CommandContext, outputOption, tableOption } from "./options.ts";

export function cacheCommand(context: CommandContext): Command {
  return {
    command: "cache",
    describe: "Cached tokens and credentials",
    builder: (declare) =>
      declare
        .command(cacheListCommand(context))
        .command(cacheClearCommand(context))
        .example("$0 cache list", "List cached tokens")
        .example("$0 cache clear", "The next kubectl call fetches everything again")
        .demandCommand("Specify a command: list or clear."),
  };
}

function cacheListCommand({ app }: CommandContext) {
  return defineCommand({
    command: "list",
    describe: "List cached tokens and how long they are valid, without secrets",
    builder: (declare) => declare.option("output", tableOption("CacheList")).example("$0 cache list", ""),
    handler: async ({ output }) => (await import("./cache.run.ts")).runCacheList(output, app),
  });
}

function cacheClearCommand({ app }: CommandContext) {
  return defineCommand({
    command: "clear",
    describe: "Clear cached tokens and AWS credentials; you stay logged in",
    builder: (declare) =>
      declare
        .option("output", outputOption("CacheCleared"))
        .example("$0 cache clear", "The next kubectl call fetches everything again"),
    handler: async ({ output }) => (await import("./cache.run.ts")).runCacheClear(output, app),
  });
}
