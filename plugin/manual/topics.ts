import path from "node:path";
import { typed } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { EXIT, VouchError } from "../../token/errors/errors.ts";
import { ourFolders } from "../../token/files/folders.ts";
import { SYSTEM_CONFIG } from "../../token/settings/system-config.ts";
import type { App } from "../app.ts";
import { nearestWord } from "../command-line/nearest-word.ts";
import { table } from "../terminal/output.ts";
import { indented, textWidth } from "../terminal/style.ts";

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

/** Texts of `help TOPIC`, by topic. */
export const TOPICS: Readonly<Record<string, (app: App) => string>> = {
  environment,
  files,
  "exit-status": exitStatus,
  security,
};

function environment(app: App): string {
  const width = textWidth(app);
  const about = `Variables. Flags override them, and they override config.yaml; \`kubectl vouch config view --show-origin\` shows which of them apply here. When kubectl runs the plugin, none of them changes your identity or where secrets are sent: login and setup recorded that.`;
  const entries = VARIABLES.map(
    ({ names, meaning }) => indented(names.join(", "), "", width) + indented(meaning, "    ", width),
  );
  return `${indented(about, "", width)}\n${entries.join("")}`;
}

function files(app: App): string {
  const { config, state, keys } = ourFolders(app);
  const isWindows = app.platform === "win32";
  const { join } = isWindows ? path.win32 : path.posix;
  const machine = "settings of the machine, for images and CI; writable only by root";
  return `Files.

${table([
  ["FILE", "WHAT IT IS"],
  [join(config, "config.yaml"), "your settings: `kubectl vouch config list`"],
  ...(isWindows ? [] : [[SYSTEM_CONFIG.file, machine]]),
  [join(state, "current.json"), "who is logged in; no secrets"],
  [join(state, "sessions/"), `cached tokens, valid for minutes${isWindows ? "" : ", readable only by you"}`],
  [join(state, "exec/"), "the kubeconfig of `exec --context`, while it runs"],
  [join(state, "clusters/"), "host and CA of each cluster, as recorded by setup"],
  [join(state, "setup-journal.json"), "what setup changed, for --undo"],
  [keys, "secrets, unless they are in the keyring"],
])}`;
}

function exitStatus(): string {
  const rows = EXIT_STATUSES.map(({ status, means, whatToDo }) => [String(status), means, whatToDo]);
  return `Exit statuses.

${table([["STATUS", "MEANS", "WHAT TO DO"], ...rows])}
On Windows, kubectl turns every failure into 1: call kubectl-vouch directly in scripts. When kubectl runs the credential plugin,
the plugin's status is in kubectl's message (\`failed with exit code 2\`).
`;
}

function security(): string {
  return `Security, in short.

- Your security key signs once a day. The resulting session is bound to a key of this machine and lasts for hours.
- An AWS profile provides the same credentials as for other AWS tools; its credential_process runs only as you approved it.
- kubectl gets only a token that is valid for at most 14 minutes, for one role and one cluster.
- Secrets are in the keyring, or in files in your profile; never on a command line, in a log or in a saved case.
- Session and identity tokens are sent only to AWS hosts or to hosts recorded by login and setup, whatever a kubeconfig contains.
- A token goes where kubectl sends it. With \`requireClusterInfo: true\`, tokens are issued only for clusters that setup recorded,
  at their recorded address; without it, a hostile kubeconfig can redirect a token.
- Certificates are always verified; this cannot be disabled.
- \`setup eks --agent-role\` and \`--protected\` prevent accidents; they do not stop anyone who intends a change.

Threat model: token/SECURITY.md in the source. Report vulnerabilities privately:
https://github.com/kubectl-vouch/kubectl-vouch/security/advisories/new
`;
}

/** What each exit status means, for `help exit-status` and EXIT-STATUS.md. */
export const EXIT_STATUSES: readonly {
  readonly status: number;
  readonly means: string;
  readonly whatToDo: string;
}[] = [
  { status: EXIT.ok, means: "done", whatToDo: "" },
  { status: EXIT.general, means: "failed", whatToDo: "read the message" },
  { status: EXIT.logIn, means: "not logged in, or the session has ended", whatToDo: "`kubectl vouch login`" },
  {
    status: EXIT.securityKey,
    means: "security key: missing, wrong PIN, or not touched",
    whatToDo: "see the message",
  },
  {
    status: EXIT.network,
    means: "network: no response, or an unexpected one",
    whatToDo: "check the network, try again",
  },
  { status: EXIT.permission, means: "permission denied", whatToDo: "ask an admin, as the message shows" },
  {
    status: EXIT.configuration,
    means: "configuration: a file, a name or an option's value",
    whatToDo: "see the message",
  },
  {
    status: EXIT.stepUp,
    means: "the server requires a fresh login for this",
    whatToDo: "`kubectl vouch login --force`",
  },
  { status: EXIT.rateLimited, means: "too many requests", whatToDo: "wait, try again" },
  {
    status: EXIT.usage,
    means: "invalid command line, or a command that is not allowed in a kubeconfig",
    whatToDo: "`--help`",
  },
  { status: EXIT.bug, means: "a bug in kubectl-vouch", whatToDo: "report it" },
  { status: EXIT.found, means: "`doctor` found a fault or reached no verdict", whatToDo: "read its report" },
  {
    status: EXIT.warned,
    means: "`doctor --fail-on warning` found only warnings",
    whatToDo: "read its report",
  },
  { status: EXIT.interrupted, means: "interrupted", whatToDo: "" },
];

/** An environment variable, or several with the same meaning. */
interface Variable {
  readonly names: readonly string[];
  readonly meaning: string;
}

/**
 * Variables that a user sets, in the order of help and manual. All that the program reads, and what it does with them below
 * kubectl, is in token/SECURITY.md.
 */
export const VARIABLES: readonly Variable[] = [
  { names: ["VOUCH_SERVER"], meaning: "Address of the Vouch server; `--server` overrides it." },
  {
    names: ["VOUCH_DEBUG"],
    meaning:
      "Any value but 0 and false: log every step to standard error, as `--debug` does; also when run by kubectl.",
  },
  {
    names: ["VOUCH_CONFIRM"],
    meaning:
      "Name of a cluster: confirms one command that changes something in its protected context, without a prompt.",
  },
  {
    names: ["VOUCH_CA_BUNDLE", "AWS_CA_BUNDLE"],
    meaning:
      "PEM file of additional CAs to trust: for the Vouch server, and for AWS. `login` and `setup` record it.",
  },
  {
    names: ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_EKS", "AWS_ENDPOINT_URL_IAM"],
    meaning: "Custom AWS endpoints. `login` and `setup` record them.",
  },
  {
    names: ["AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC", "AWS_ENDPOINT_URL_SIGNIN"],
    meaning: "Custom endpoints for Identity Center and AWS Sign-In; only addresses on this machine.",
  },
  {
    names: ["AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"],
    meaning: "Default profile and region.",
  },
  {
    names: ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"],
    meaning: "Files with the AWS profiles, as in the AWS CLI.",
  },
  {
    names: ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"],
    meaning: "`true`: use AWS endpoints of that kind.",
  },
  {
    names: ["BROWSER"],
    meaning:
      "Programs that open the browser for `enroll` and `login --profile`, separated as in PATH: a name, or a command line with %s for the address. No shell runs it.",
  },
  {
    names: ["KUBECONFIG"],
    meaning: "Kubeconfig files, as kubectl reads them; `--kubeconfig` overrides it.",
  },
  {
    names: ["KUBERC"],
    meaning: "File with kubectl's preferences, which restrict the plugins that it can run.",
  },
  {
    names: ["HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"],
    meaning: "Proxies, as in curl and kubectl; lower case works as well.",
  },
  {
    names: ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"],
    meaning: "Absolute directories that replace `~/.config`, `~/.local/state` and `~/.local/share`.",
  },
  {
    names: ["NO_COLOR", "FORCE_COLOR", "TERM"],
    meaning: "Color: NO_COLOR and TERM=dumb disable it, FORCE_COLOR enables it; `--color` overrides them.",
  },
];
