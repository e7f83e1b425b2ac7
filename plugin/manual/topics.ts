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
  const entries = Object.entries(VARIABLES).map(
    ([names, meaning]) => indented(names, "", width) + indented(meaning, "    ", width),
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
  const rows = EXIT_STATUSES.map((cells) => cells.map(String));
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

/** What each exit status means, and what to do, for `help exit-status` and EXIT-STATUS.md. */
export const EXIT_STATUSES: readonly (readonly [status: number, means: string, whatToDo: string])[] = [
  [EXIT.ok, "done", ""],
  [EXIT.general, "failed", "read the message"],
  [EXIT.logIn, "not logged in, or the session has ended", "`kubectl vouch login`"],
  [EXIT.securityKey, "security key: missing, wrong PIN, or not touched", "see the message"],
  [EXIT.network, "network: no response, or an unexpected one", "check the network, try again"],
  [EXIT.permission, "permission denied", "ask an admin, as the message shows"],
  [EXIT.configuration, "configuration: a file, a name or an option's value", "see the message"],
  [EXIT.stepUp, "the server requires a fresh login for this", "`kubectl vouch login --force`"],
  [EXIT.rateLimited, "too many requests", "wait, try again"],
  [EXIT.usage, "invalid command line, or a command that is not allowed in a kubeconfig", "`--help`"],
  [EXIT.bug, "a bug in kubectl-vouch", "report it"],
  [EXIT.found, "`doctor` found a fault or reached no verdict", "read its report"],
  [EXIT.warned, "`doctor --fail-on warning` found only warnings", "read its report"],
  [EXIT.interrupted, "interrupted", ""],
];

/**
 * Variables that a user sets, in the order of help and manual; commas separate those with the same meaning. All that the program
 * reads, and what it does with them below kubectl, is in token/SECURITY.md.
 */
export const VARIABLES: Readonly<Record<string, string>> = {
  VOUCH_SERVER: "Address of the Vouch server; `--server` overrides it.",
  VOUCH_DEBUG:
    "Any value but 0 and false: log every step to standard error, as `--debug` does; also when run by kubectl.",
  VOUCH_CONFIRM:
    "Name of a cluster: confirms one command that changes something in its protected context, without a prompt.",
  "VOUCH_CA_BUNDLE, AWS_CA_BUNDLE":
    "PEM file of additional CAs to trust: for the Vouch server, and for AWS. `login` and `setup` record it.",
  "AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL_EKS, AWS_ENDPOINT_URL_IAM":
    "Custom AWS endpoints. `login` and `setup` record them.",
  "AWS_ENDPOINT_URL_SSO, AWS_ENDPOINT_URL_SSO_OIDC, AWS_ENDPOINT_URL_SIGNIN":
    "Custom endpoints for Identity Center and AWS Sign-In; only addresses on this machine.",
  "AWS_PROFILE, AWS_REGION, AWS_DEFAULT_REGION": "Default profile and region.",
  "AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE": "Files with the AWS profiles, as in the AWS CLI.",
  "AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT": "`true`: use AWS endpoints of that kind.",
  BROWSER:
    "Programs that open the browser for `enroll` and `login --profile`, separated as in PATH: a name, or a command line with %s for the address. No shell runs it.",
  KUBECONFIG: "Kubeconfig files, as kubectl reads them; `--kubeconfig` overrides it.",
  KUBERC: "File with kubectl's preferences, which restrict the plugins that it can run.",
  "HTTPS_PROXY, ALL_PROXY, NO_PROXY": "Proxies, as in curl and kubectl; lower case works as well.",
  "XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_DATA_HOME":
    "Absolute directories that replace `~/.config`, `~/.local/state` and `~/.local/share`.",
  "NO_COLOR, FORCE_COLOR, TERM":
    "Color: NO_COLOR and TERM=dumb disable it, FORCE_COLOR enables it; `--color` overrides them.",
};
