import { randomBytes } from "node:crypto";
import path from "node:path";
import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import { typed } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { EXIT, unlessThrown, VouchError } from "../../token/errors/errors.ts";
import { namesIn } from "../../token/files/folders.ts";
import { hasEnded, removeLeftFiles, thisProcess } from "../../token/files/lock-files.ts";
import { readTextFile } from "../../token/files/plain-file.ts";
import { ensurePrivateDirectory, writeFileAtomically } from "../../token/files/private-file.ts";
import { deleteFile } from "../../token/files/sharing.ts";
import { SECTIONS, type Section } from "../../token/kubeconfig/kubeconfig-document.ts";
import { readChosenKubeconfigs, resolvedBody } from "../../token/kubeconfig/kubeconfig-files.ts";
import { maskArguments } from "../../token/masking/mask-arguments.ts";
import { timestamp } from "../../token/text/time.ts";
import type { App } from "../app.ts";
import { askAwsCredentials } from "../aws/ask-aws.ts";
import { chooseIdentity } from "../aws/choose-identity.ts";
import { ANY_REGION } from "../aws/context-plan.ts";
import { foregroundRunner } from "../programs/foreground-runner.ts";
import { yamlText } from "../terminal/output.ts";
import type { RoleFlags } from "../vouch/role-choice.ts";
import { fetchRoleCredentials, MIN_REMAINING_MS } from "../vouch/vouch-credentials.ts";
import { Desk } from "../workplace/workplace.ts";

interface ExecOptions extends RoleFlags {
  /** The only context that the program has; without an identity, it gets no AWS credentials. */
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
  /** The program and its arguments. */
  readonly command: readonly string[];
}

/**
 * Runs a program with the role's credentials in its environment and nowhere else: no file is written, except for a kubeconfig with
 * one context while the program runs. The result is its exit status, or 128 plus the number of the signal that ended it.
 */
export async function runExec({ command, ...options }: ExecOptions, app: App): Promise<number> {
  const [program, ...args] = command;
  if (program === undefined)
    throw new VouchError("usage", "The command to run is missing.", {
      hint: withCommands`Put it after --, for example ${exec("aws", "s3", "ls")}.`,
    });
  const run = foregroundRunner(app, program);
  // A keyring may write the address of its bus into our own environment.
  const own = { ...app.env, ...app.dropped };
  const { context, kubeconfig, profile, role, via, region, server, account } = options;
  if (kubeconfig !== undefined && context === undefined)
    throw new VouchError("usage", "--kubeconfig works only with --context.");
  const desk = new Desk(app);
  const config = context === undefined ? undefined : oneContext(app, context, kubeconfig);
  const isGiven =
    context === undefined || [profile, role, via, region, server, account].some((one) => one !== undefined);
  const fetched = isGiven ? await fetchCredentials({ ...options, command }, desk) : undefined;
  if (app.signal.aborted) throw new VouchError("interrupted", "Interrupted.");
  const env = environmentFor(own, fetched, app.platform);
  const file = config === undefined ? undefined : writeForProgram(desk, config);
  try {
    const { status, signalNumber } = await run(args, file === undefined ? env : { ...env, KUBECONFIG: file });
    return signalNumber === undefined ? (status ?? EXIT.bug) : 128 + signalNumber;
  } finally {
    if (file !== undefined) deleteFile(file);
  }
}

/** A kubeconfig with one context, its cluster and its user. Throws `context-missing`. */
function oneContext(app: App, context: string, kubeconfig: string | undefined): object {
  const { entries } = readChosenKubeconfigs(app, kubeconfig);
  const body = entries.contexts.get(context)?.body;
  if (body === undefined)
    throw new VouchError("context-missing", `Context ${context} not found in the kubeconfig.`);
  const only = (section: Section, name: unknown) => {
    const entry = entries[section].get(String(name ?? ""));
    return entry === undefined ? [] : [{ name, [SECTIONS[section]]: resolvedBody(section, entry) }];
  };
  return {
    ...{ apiVersion: "v1", kind: "Config", "current-context": context, contexts: only("contexts", context) },
    ...{ clusters: only("clusters", body["cluster"]), users: only("users", body["user"]) },
  };
}

/** Writes it into a private folder, with the process that it is for, and removes those whose process has ended. */
function writeForProgram({ app, workplace }: Desk, config: object): string {
  const folder = path.join(workplace.folders.state, "exec");
  ensurePrivateDirectory(folder);
  removeLeftFiles(folder, app.clock());
  for (const name of namesIn(folder).filter((one) => one.endsWith(".yaml"))) {
    const file = path.join(folder, name);
    const [, holder = ""] = /^# (\{.*\})\n/.exec(readTextFile(file) ?? "") ?? [];
    if (unlessThrown(() => hasEnded(JSON.parse(holder)), true)) deleteFile(file);
  }
  const file = path.join(folder, `${randomBytes(8).toString("hex")}.yaml`);
  writeFileAtomically(file, `# ${JSON.stringify(thisProcess())}\n${yamlText(config)}`);
  return file;
}

/** Credentials of any AWS profile or Vouch role, and the region that goes with them. */
async function fetchCredentials(
  { command, ...options }: RoleFlags & Pick<ExecOptions, "command">,
  desk: Desk,
): Promise<{ readonly credentials: AwsCredentials; readonly region: string | undefined }> {
  const { region: named } = options;
  const again = (profile: string) =>
    typed([
      ...["kubectl", "vouch", "exec", "--profile", profile],
      ...(named === undefined ? [] : ["--region", named]),
      ...["--", ...maskArguments(command)],
    ]);
  const choice = chooseIdentity({ ...options, ambient: false, again }, desk);
  if (choice.kind === "vouch") return fetchRoleCredentials(options, desk);
  const { source, region } = choice;
  const { profile, role, via, sessionName } = source;
  const asked = { profile, role, via, sessionName, region: region?.value ?? ANY_REGION };
  const wish = { fresh: false, minRemainingMs: MIN_REMAINING_MS };
  return { credentials: await askAwsCredentials(desk, asked, { wish }), region: region?.value };
}

/** Variables that name another identity, or come first in some tool. Source: doctor/AWS-CREDENTIALS.md, "Credential chain". */
const OTHER_SOURCES = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_ROLE_ARN",
  "AWS_ROLE_SESSION_NAME",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
];

/**
 * The environment of a program that uses these credentials and no others; undefined: its own. On Windows, names that differ only
 * in case are one variable.
 */
export function environmentFor(
  own: Readonly<Record<string, string | undefined>>,
  fetched: { readonly credentials: AwsCredentials; readonly region: string | undefined } | undefined,
  platform: string,
): Record<string, string> {
  const set = Object.entries(own).filter((pair): pair is [string, string] => pair[1] !== undefined);
  if (fetched === undefined) return Object.fromEntries(set);
  const { credentials, region } = fetched;
  const ours: Readonly<Record<string, string>> = {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
    ...(credentials.expires === undefined
      ? {}
      : { AWS_CREDENTIAL_EXPIRATION: timestamp(credentials.expires) }),
    ...(region === undefined ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region }),
  };
  const replaced = new Set([...OTHER_SOURCES, ...Object.keys(ours)]);
  const kept = set.filter(([name]) => !replaced.has(platform === "win32" ? name.toUpperCase() : name));
  return { ...Object.fromEntries(kept), ...ours };
}

function exec(...words: readonly string[]) {
  return typed(["kubectl", "vouch", "exec", "--", ...words]);
}
