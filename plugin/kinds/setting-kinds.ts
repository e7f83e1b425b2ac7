import { closed, either, flag, list, maybe, nothing, oneOf, text } from "../../token/schema.ts";
import { kind } from "./kind.ts";

const NAME = text("Name of the setting.");

/** `completion install`, `completion uninstall` */
export const COMPLETION_FILE_SCHEMA = kind(
  "CompletionFile",
  "The file through which kubectl gets our completions.",
  {
    dryRun: flag("True when nothing was done: what follows would be."),
    status: oneOf(["written", "removed", "unchanged"], "What became of it."),
    file: text("The file."),
    text: maybe(text("Its text.")),
  },
);

/** `config view` */
export const SETTINGS_SCHEMA = kind("Settings", "Every setting in force.", {
  settings: list(
    closed("A setting in force.", {
      name: NAME,
      value: either("Its value; null when it has none.", text(), nothing),
      origin: text("Where it comes from: a flag, a variable, a file, or `default`."),
    }),
  ),
});

/** `config list` */
export const SETTING_LIST_SCHEMA = kind("SettingList", "Every setting there is.", {
  settings: list(
    closed("A setting that config.yaml may have.", {
      name: NAME,
      value: either(
        "Its value in the person's config.yaml, else in that of the machine; null when neither has one.",
        text(),
        flag(),
        nothing,
      ),
      origin: either("The file that has it; null for none.", text(), nothing),
      default: text("Its default."),
      stronger: either("Flags and variables that override it; null for none.", text(), nothing),
      form: text("The values that it takes."),
      meaning: text("What it is for."),
    }),
  ),
});

/** `config set`, `config unset` */
export const SETTING_SCHEMA = kind("Setting", "A setting that was changed.", {
  name: NAME,
  value: either("Its value in the person's config.yaml now; null for none.", text(), flag(), nothing),
  file: text("The person's config.yaml."),
});
