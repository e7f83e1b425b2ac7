import { ourFolders } from "../../token/files/folders.ts";
import type { App } from "../app.ts";
import { table } from "../terminal/output.ts";
import { indented, textWidth } from "../terminal/text-width.ts";
import { EXIT_STATUSES } from "./exit-statuses.ts";
import { VARIABLES } from "./variables.ts";

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
  return `Files.

${table([
  ["FILE", "WHAT IT IS"],
  [`${config}/config.yaml`, "your settings: `kubectl vouch config list`"],
  ["/etc/kubectl-vouch/config.yaml", "settings of the machine, for images and CI; writable only by root"],
  [`${state}/current.json`, "who is logged in; no secrets"],
  [`${state}/sessions/`, "cached tokens, valid for minutes, readable only by you"],
  [`${state}/clusters/`, "host and CA of each cluster, as recorded by setup"],
  [`${state}/setup-journal.json`, "what setup changed, for --undo"],
  [keys, "secrets, if no keyring works or key store `file` was chosen"],
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
- Secrets are in the keyring, or in files that only you can read; never on a command line, in a log or in a saved case.
- Session and identity tokens are sent only to AWS hosts or to hosts recorded by login and setup, whatever a kubeconfig contains.
- A token goes where kubectl sends it. With \`requireClusterInfo: true\`, tokens are issued only for clusters that setup recorded,
  at their recorded address; without it, a hostile kubeconfig can redirect a token.
- Certificates are always verified; this cannot be disabled.

Threat model: token/SECURITY.md in the source. Report vulnerabilities privately:
https://github.com/kubectl-vouch/kubectl-vouch/security/advisories/new
`;
}
