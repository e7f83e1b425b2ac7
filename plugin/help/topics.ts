import { ourFolders } from "../../token/files/folders.ts";
import type { App } from "../app.ts";
import { table } from "../terminal/output.ts";
import { EXIT_STATUSES } from "./exit-statuses.ts";

/** Texts of `help TOPIC`, by topic. */
export const TOPICS: Readonly<Record<string, (app: App) => string>> = {
  environment,
  files,
  "exit-status": exitStatus,
  security,
};

const VARIABLES: readonly (readonly [string, string])[] = [
  ["VOUCH_SERVER", "Address of the Vouch server, where no --server is given."],
  ["VOUCH_CA_BUNDLE", "PEM file of authorities to trust for the Vouch server. Login records it."],
  ["VOUCH_DEBUG", "1: log every step to stderr, as --debug does. No secret is in it."],
  ["AWS_CA_BUNDLE", "The same for AWS. Login and setup record it."],
  ["AWS_ENDPOINT_URL_STS, _EKS, _IAM", "Address in place of AWS's own. Login and setup record it."],
  ["AWS_PROFILE, AWS_REGION", "Profile and region, where no flag names them; not below kubectl."],
  ["AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT", "true: that kind of AWS's own hosts."],
  ["KUBECONFIG", "Kubeconfig files, as kubectl takes them."],
  ["KUBERC", "kubectl's preferences, which say what plugins may run; the doctor obeys them."],
  ["HTTPS_PROXY, ALL_PROXY, NO_PROXY", "Proxy for Vouch, AWS and the cluster, also in small letters."],
  ["XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_DATA_HOME", "Where our files are: `kubectl vouch help files`."],
  ["NO_COLOR, FORCE_COLOR, TERM", "No color, color, and no color where TERM is dumb."],
];

function environment(): string {
  return `Variables. Flags are stronger, config.yaml is weaker; \`kubectl vouch config view --show-origin\` says what counts here.
Below kubectl none of them changes who you are, nor where a secret goes: login and setup recorded that.

${table([["VARIABLE", "MEANING"], ...VARIABLES])}`;
}

function files(app: App): string {
  const { config, state, keys } = ourFolders(app);
  return `Files.

${table([
  ["FILE", "WHAT IT IS"],
  [`${config}/config.yaml`, "your settings: `kubectl vouch config list`"],
  ["/etc/kubectl-vouch/config.yaml", "settings of the machine, for images and CI; root's alone"],
  [`${state}/current.json`, "who is logged in; no secret"],
  [`${state}/sessions/`, "cached tokens, good for minutes, readable by you alone"],
  [`${state}/clusters/`, "host and authority of each cluster, as setup recorded it"],
  [`${state}/setup-journal.json`, "what setup changed, for --undo"],
  [keys, "secrets, where no keyring works or key store `file` was chosen"],
])}`;
}

function exitStatus(): string {
  const rows = EXIT_STATUSES.map(({ status, means, whatToDo }) => [String(status), means, whatToDo]);
  return `Exit statuses.

${table([["STATUS", "MEANS", "WHAT TO DO"], ...rows])}
Through kubectl on Windows every failure is 1: scripts there call kubectl-vouch itself. As kubectl's credential plugin our
status stands in its message (\`failed with exit code 2\`).
`;
}

function security(): string {
  return `Security, in short.

- Your security key signs once a day. The session that you get is bound to a key of this machine, and is good for hours.
- Each kubectl gets a token that is good for at most 14 minutes, for one role and one cluster, and nothing else.
- Secrets lie in the keyring, or in files that only you can read; never on a command line, in a log or in a saved case.
- A kubeconfig, also a hostile one, cannot say where a secret goes: hosts and authorities are recorded at login and setup.
- \`requireClusterInfo: true\` gives a token only for clusters that setup recorded.
- Certificates are always checked; nothing switches that off.

What we protect, against whom, and what is left: token/SECURITY.md in the source. Report a hole in private:
https://github.com/kubectl-vouch/kubectl-vouch/security/advisories/new
`;
}
