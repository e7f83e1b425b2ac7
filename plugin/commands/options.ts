import type { Options as Declared } from "yargs";
import { type Options, ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { KEY_STORE_KINDS } from "../../token/hot/key-store-kind.ts";
import type { App } from "../app.ts";
import type { Kind } from "../kinds/kinds.ts";
import { OUTPUT_CHOICES, TABLE_CHOICES } from "../terminal/output-choice.ts";
import type { ColorChoice } from "../terminal/style.ts";

/** An option that takes a word. */
export function text(describe: string) {
  return { type: "string", requiresArg: true, describe } as const;
}

/** An option that is on or off. */
export function flag(describe: string) {
  return { type: "boolean", default: false, describe } as const;
}

/** Options that the help lists under a heading of their own. */
export function group<const O extends Readonly<Record<string, Declared>>>(heading: string, options: O): O {
  const grouped = Object.entries(options).map(([name, option]) => [name, { ...option, group: heading }]);
  return Object.fromEntries(grouped) as O;
}

/** `--server`, wherever a Vouch server is meant. */
export const serverOption = text("Vouch server (default: VOUCH_SERVER, config.yaml, the last login)");

/** `--account`, wherever a logged-in person is meant. */
export const accountOption = text("E-mail address of the account, if several are logged in");

/** The description of `-o`, with the kinds of its objects. */
export function describeOutput(...kinds: readonly Kind[]): string {
  return `Output format; json, yaml: ${kinds.join(", ")}`;
}

/** `-o`, wherever a program might read. */
export function outputOption(...kinds: readonly Kind[]) {
  return {
    alias: "o",
    choices: OUTPUT_CHOICES,
    requiresArg: true,
    default: "text" as const,
    describe: describeOutput(...kinds),
  } as const;
}

/** `-o` for commands that print a table. */
export function tableOption(...kinds: readonly Kind[]) {
  return { ...outputOption(...kinds), choices: TABLE_CHOICES } as const;
}

/** Default of how long to wait for a security key. */
export const KEY_TIMEOUT_SECONDS = 60;

/** `--timeout` of every command that waits for a security key. */
export const keyTimeoutOption = {
  type: "number",
  requiresArg: true,
  default: KEY_TIMEOUT_SECONDS,
  describe: "Seconds to wait for a security key; 0 = no limit",
} as const;

/** `--key-store`, for commands that begin a session. */
export const keyStoreOption = {
  choices: KEY_STORE_KINDS,
  requiresArg: true,
  describe: "Where secrets are stored",
} as const;

/** `--pin-stdin`, for commands that use a security key. */
export const pinStdinOption = flag("Read the key's PIN from standard input");

/** `--timeout` in milliseconds; 0 is no limit. Throws `usage`. */
export function timeoutOf(command: string, seconds: number, given: Options = {}): number {
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000;
  throw new VouchError("usage", "--timeout must be a number of seconds; 0 means no limit.", {
    hint: withCommands`For example: ${ours(command, { ...given, timeout: "120" })}`,
  });
}

/** `--kubeconfig`, as kubectl has it. */
export const kubeconfigOption = text("Kubeconfig file (default: KUBECONFIG, then ~/.kube/config)");

/** `--context`, as kubectl has it. */
export const contextOption = text("Kubeconfig context (default: the current one)");

/** The cluster; the flag's name differs between commands. */
export const clusterOption = text("Name of the EKS cluster");

/** `--region`, where a profile may give it. */
export const regionOption = text("AWS region (default: AWS_REGION, then the profile)");

/** `--device-code`, wherever users log in to IAM Identity Center; `by` is the flag that says where. */
export function deviceCodeOption(by: string) {
  return flag(
    `With ${by}: log in with a code that you approve in any browser. Approving a code that someone sends you hands your session to them`,
  );
}

/** `--callback-port`, in the same places. */
export function callbackPortOption(by: string) {
  return {
    type: "number",
    requiresArg: true,
    describe: `With ${by}: local port to which the browser redirects, for example one forwarded by ssh -L (default: any free port)`,
  } as const;
}

/** `--via`, for a role that is reached through others. */
export const viaOption = {
  type: "string",
  array: true,
  nargs: 1,
  describe: "ARN of a role to assume first; repeat for a longer chain",
} as const;

/** `--session-name`, for a role that is assumed with AWS credentials. */
export const sessionNameOption = text("Session name of --role (default: your user name or SSO session)");

/** `--cluster-id`, beside the cluster's name. */
export const clusterIdOption = text("ID of a local cluster on an Outpost");

/** `--dry-run`, wherever other people's files are written. */
export const dryRunOption = flag("Show the changes without writing them");

/** The options of every setup. */
export const writeOptions = {
  "dry-run": dryRunOption,
  diff: flag("Show the changes that are made"),
  undo: flag("Undo the last change that setup made"),
} as const;

/** `--profile`, where any AWS profile will do. */
export const anyProfileOption = text("AWS profile to use (of any kind)");

/** `--ambient`, instead of a profile. */
export const ambientOption = flag("Use the AWS credentials of the caller instead of a profile");

/** The arguments that name a role. */
export const ROLE_OPTIONS = {
  role: text("ARN of the role (default: the profile's role)"),
  via: viaOption,
  profile: text("AWS profile (default: AWS_PROFILE)"),
  region: regionOption,
  server: serverOption,
  account: accountOption,
} as const;

/** What a command gets, and where it puts its exit status. */
export interface CommandContext {
  readonly app: App;
  color: ColorChoice;
  /** Exit status when nothing was thrown; a command such as `status` may set another. */
  exit: number;
}
