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
  const about = `Variables. Flags override them, and they override config.yaml; \`kubectl vouch config view --show-origin\` shows which of them apply here. When kubectl runs us, none of them changes who you are or where a secret goes: login and setup recorded that.`;
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
  ["/etc/kubectl-vouch/config.yaml", "settings of the machine, for images and CI; only root may write it"],
  [`${state}/current.json`, "who is logged in; no secret"],
  [`${state}/sessions/`, "cached tokens, valid for minutes, readable only by you"],
  [`${state}/clusters/`, "host and authority of each cluster, as setup recorded it"],
  [`${state}/setup-journal.json`, "what setup changed, for --undo"],
  [keys, "secrets, if no keyring works or key store `file` was chosen"],
])}`;
}

function exitStatus(): string {
  const rows = EXIT_STATUSES.map(({ status, means, whatToDo }) => [String(status), means, whatToDo]);
  return `Exit statuses.

${table([["STATUS", "MEANS", "WHAT TO DO"], ...rows])}
On Windows kubectl turns every failure into 1: scripts there call kubectl-vouch directly. When kubectl runs us as its credential
plugin, our status is in its message (\`failed with exit code 2\`).
`;
}

function security(): string {
  return `Security, in short.

- Your security key signs once a day. The session that you get is bound to a key of this machine, and lasts hours.
- An AWS profile gives what AWS's own tools would get from it, for as long; its credential_process runs only as you approved it.
- Each kubectl gets a token that is valid for at most 14 minutes, for one role and one cluster, and nothing else.
- Secrets are in the keyring, or in files that only you can read; never on a command line, in a log or in a saved case.
- Session and identity tokens go only to AWS's own hosts, or those that login and setup recorded, whatever a kubeconfig says.
- A token goes where kubectl sends it. With \`requireClusterInfo: true\` there is one only for clusters that setup recorded,
  at their own address; without it, a hostile kubeconfig can have it sent elsewhere.
- Certificates are always checked; nothing switches that off.

What is protected, against whom, and what is not: token/SECURITY.md in the source. Report a vulnerability in private:
https://github.com/kubectl-vouch/kubectl-vouch/security/advisories/new
`;
}
