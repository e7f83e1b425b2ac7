import { typed } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";
import { nearestWord } from "../nearest-word.ts";
import { TOPICS } from "./topics.ts";

interface Asked {
  readonly app: App;
  readonly commands: () => readonly { readonly name: string }[];
}

/** Prints a topic such as `help environment`. False for a command. Throws `usage` for anything else. */
export function printTopic(topic: string, { app, commands }: Asked): boolean {
  const text = Object.hasOwn(TOPICS, topic) ? TOPICS[topic] : undefined;
  if (text !== undefined) {
    app.io.out(text(app));
    return true;
  }
  const names = commands().map(({ name }) => name);
  if (topic.startsWith("-") || names.includes(topic)) return false;
  const near = nearestWord(topic, [...Object.keys(TOPICS), ...names]);
  throw new VouchError("usage", `No help found for ${JSON.stringify(topic)}.`, {
    hint:
      near === undefined
        ? `Help is available for every command, and for ${Object.keys(TOPICS).join(", ")}.`
        : withCommands`Did you mean ${typed([...app.programName.split(" "), "help", near])}?`,
  });
}
