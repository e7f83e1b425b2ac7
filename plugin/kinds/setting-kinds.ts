import { closed, either, flag, list, maybe, nothing, oneOf, text } from "../../token/schema.ts";
import { kind } from "./kind.ts";

const NAME = text("Name of the setting.");

const CompletionFile = kind(
  ["completion install", "completion uninstall"],
  "The file through which kubectl gets completions from kubectl-vouch.",
  {
    dryRun: flag("True for a dry run: nothing was done; the other fields describe what would be."),
    status: oneOf(["written", "removed", "unchanged"], "What was done with the file, or would be."),
    file: text("Path of the file."),
    text: maybe(text("Contents of the file.")),
  },
);

const Settings = kind(["config view"], "All effective settings.", {
  settings: list(
    closed("An effective setting.", {
      name: NAME,
      value: either("Value of the setting; null if it is not set.", text(), nothing),
      origin: text("Where the value comes from: a flag, a variable, a file, or `default`."),
    }),
  ),
});

const SettingList = kind(["config list"], "All settings that exist.", {
  settings: list(
    closed("A setting for config.yaml.", {
      name: NAME,
      value: either(
        "Value in the user's config.yaml or, if not set there, the machine's; null if neither sets it.",
        text(),
        flag(),
        nothing,
      ),
      origin: either("File that sets the value; null for none.", text(), nothing),
      default: text("Default value."),
      stronger: either("Flags and variables that override the setting; null for none.", text(), nothing),
      form: text("Allowed values."),
      meaning: text("What the setting is for."),
    }),
  ),
});

const Setting = kind(["config set", "config unset"], "A setting that was changed.", {
  name: NAME,
  value: either("New value in the user's config.yaml; null if it was removed.", text(), flag(), nothing),
  file: text("Path of the user's config.yaml."),
});

export const SETTING_KINDS = { CompletionFile, Settings, SettingList, Setting };
