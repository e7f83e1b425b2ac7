import { awsConfigPath, awsCredentialsPath } from "../../token/aws/aws-paths.ts";
import { type AwsMachine, readAwsFiles } from "../../token/aws/sources/read-plan.ts";
import type { SharedFiles, SharedProfile } from "../../token/aws/sources/shared-files.ts";
import {
  type NamedProfile,
  namedProfile,
  type PlanQuestion,
  planOf,
} from "../../token/aws/sources/source-plan.ts";
import { ours, type Run } from "../../token/command/command.ts";
import { type Sentence, sentence, withCommands } from "../../token/command/sentence.ts";
import { debug } from "../../token/debug.ts";
import { type Env, envValue } from "../../token/env.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { type AwsIdentity, describeIdentity } from "../../token/kubeconfig/identity.ts";
import type { Origin } from "../../token/settings/settings.ts";
import { shortList } from "../../token/text/short-list.ts";
import type { App } from "../app.ts";
import { type ChosenRole, givenRegion, type RoleFlags, resolveRole } from "../vouch/role-choice.ts";
import type { Desk } from "../workplace/workplace.ts";
import { ANY_REGION, profileInForce } from "./context-plan.ts";

/** What a command line says about the identity that a context should use. */
export interface IdentityFlags extends RoleFlags {
  /** Use whatever the caller's environment gives. */
  readonly ambient: boolean;
  /** Name of the sessions of `role` and `via`, in place of the person's. */
  readonly sessionName?: string | undefined;
  /** The command as it was given, with a profile, for hints. */
  readonly again?: (profile: string) => Run;
  /** The flag that names the profile, if that is not `--profile`. */
  readonly by?: string;
}

/** The chosen identity, and the region that was specified. */
export type ChosenIdentity = { readonly kind: "vouch"; readonly choice: ChosenRole } | ChosenAws;

export interface ChosenAws {
  readonly kind: "aws";
  readonly source: AwsIdentity;
  readonly region: Origin<string> | undefined;
}

/**
 * With `--ambient` the caller; with `--profile` that profile, unless it is Vouch's and no role is assumed with it; else, for a user
 * at a keyboard, the profile of `AWS_PROFILE`; else a Vouch role, as `resolveRole` finds it; else `[default]`. Throws as that and
 * `planOf` do, listing the usable profiles if none is specified.
 */
export function chooseIdentity(options: IdentityFlags, desk: Desk): ChosenIdentity {
  const choice = choiceOf(options, desk);
  if (choice.kind === "aws") debug(`credentials of ${describeIdentity(choice.source)}`);
  return choice;
}

/** The choice of a profile alone; `by` is the flag that names it. */
export function chooseProfile(desk: Desk, profile: string, by: string): ChosenIdentity {
  const nothing = {
    role: undefined,
    via: undefined,
    region: undefined,
    server: undefined,
    account: undefined,
  };
  return chooseIdentity({ ...nothing, profile, by, ambient: false }, desk);
}

function choiceOf(given: IdentityFlags, desk: Desk): ChosenIdentity {
  const { app } = desk;
  const { sessionName } = given;
  if (sessionName !== undefined) requireSessionName(sessionName, given);
  const isOpen = given.profile === undefined && given.role === undefined && !given.ambient;
  const meant = isOpen && !isOfVouchAlone(given) ? profileMeant(app) : undefined;
  const options = meant === undefined ? given : { ...given, profile: meant.name, by: meant.by };
  const { profile, ambient, role } = options;
  const isOfVouch = isOfVouchAlone(options);
  if (ambient && (profile !== undefined || isOfVouch))
    throw new VouchError(
      "usage",
      "--ambient uses the caller's own credentials: it cannot be combined with --profile, --server or --account.",
    );
  if (profile !== undefined && role !== undefined && isOfVouch)
    throw new VouchError(
      "usage",
      "With --profile, --role is a role that the profile assumes; --server and --account are for Vouch roles.",
    );
  if (!ambient && (profile === undefined || isOfVouch)) return vouchChoice(options, desk);
  const { files } = readAwsFiles(desk.aws);
  const isVouch =
    profile !== undefined &&
    role === undefined &&
    isVouchProfile({ profile, by: options.by, region: ANY_REGION }, files, app.env);
  if (isVouch) return vouchChoice(given, desk);

  const { via = [] } = options;
  if (role === undefined && via.length > 0)
    throw new VouchError("usage", "--via needs --role: the roles of --via are assumed before it.", {
      hint: "Specify the last role with --role ARN.",
    });
  const region = givenRegion(options.region, app) ?? regionIn(files, profile ?? profileInForce(app.env));
  const env = profile === undefined ? {} : fileVariables(app);
  const session = sessionName === undefined ? {} : { sessionName };
  return { kind: "aws", source: { kind: "aws", profile, role, via, env, ...session }, region };
}

/** Source: STS API reference, RoleSessionName. */
function requireSessionName(name: string, { role, profile, ambient }: IdentityFlags): void {
  if (!/^[\w+=,.@-]{2,64}$/.test(name))
    throw new VouchError("usage", `${JSON.stringify(name)} is not a valid name for a role session.`, {
      hint: "Use 2 to 64 letters, digits and the characters _ + = , . @ -",
    });
  if (role !== undefined && (profile !== undefined || ambient)) return;
  throw new VouchError(
    "usage",
    "--session-name works only with --role and one of --profile, --ambient; a Vouch session is always named after its user.",
  );
}

function isOfVouchAlone({ server, account }: IdentityFlags): boolean {
  return server !== undefined || account !== undefined;
}

/**
 * The profile of `AWS_PROFILE`, as for every AWS tool. Undefined under a client such as kubectl: there nothing but the arguments of
 * the context says whose credentials it uses.
 */
export function profileMeant(app: App): NamedProfile | undefined {
  return isTyped(app) ? namedProfile({ profile: undefined }, app.env) : undefined;
}

function isTyped({ env }: App): boolean {
  return envValue(env, "KUBERNETES_EXEC_INFO") === undefined;
}

/** Throws if no profile is specified and neither Vouch's nor `[default]` is there, listing the profiles that could be. */
function vouchChoice(options: IdentityFlags, desk: Desk): ChosenIdentity {
  const { app } = desk;
  const { again = (profile: string) => ours("setup eks", { cluster: "NAME", profile }) } = options;
  try {
    return { kind: "vouch", choice: resolveRole(options, desk) };
  } catch (error) {
    if (!(error instanceof VouchError) || error.code !== "aws-not-configured") throw error;
    const { files } = readAwsFiles(desk.aws);
    const usable = usableProfiles(files, app.env);
    const [first, ...others] = usable;
    if (options.profile !== undefined || isOfVouchAlone(options)) throw error;
    const byKey = sentence`. To log in with a security key instead: ${ours("setup aws", { role: "arn:aws:iam::ACCOUNT:role/NAME" })}`;
    if (first === undefined) throw noProfiles(files, byKey);
    if (usable.includes("default") && isTyped(app) && options.role === undefined)
      return choiceOf({ ...options, profile: "default", by: "[default]" }, desk);
    const also = others.length === 0 ? "" : ` (or ${shortList(others)})`;
    const unspecified =
      "No AWS profile is specified by --profile or AWS_PROFILE, and [default] does not provide credentials.";
    throw new VouchError("aws-not-configured", unspecified, {
      hint: withCommands`Specify one: ${again(first)}${also}${byKey}`,
    });
  }
}

/** Where to get profiles from, if the files have none that provides credentials; `also` is a further way. */
export function noProfiles(
  { profiles, configPath, credentialsPath }: SharedFiles,
  also: Sentence = "",
): VouchError {
  const files = `${configPath} or ${credentialsPath}`;
  const message =
    profiles.size === 0
      ? `No AWS profiles found in ${files}.`
      : `No AWS profile in ${files} provides credentials.`;
  return new VouchError("aws-not-configured", message, {
    hint: withCommands`Write profiles for your accounts in IAM Identity Center: ${ours("setup aws", { "sso-start-url": "URL" })}${also}`,
  });
}

/** Whether the profile gives nothing but a role of Vouch's. Throws what is wrong with it. */
function isVouchProfile(question: PlanQuestion, files: SharedFiles, env: Env): boolean {
  const plan = planOf(question, files, env);
  return plan.kind === "process" && plan.vouch !== undefined;
}

/**
 * Names of the profiles that give credentials, the likeliest first: the one in force, then in the order of the files, with those
 * that others build on last.
 */
function usableProfiles(files: SharedFiles, env: Env): string[] {
  const names = [...files.profiles.keys()].filter((name) => isUsable(name, files, env));
  const built = new Set([...files.profiles.values()].flatMap(baseOf));
  const rank = (name: string) => (name === profileInForce(env) ? 0 : built.has(name) ? 2 : 1);
  return names.toSorted((one, other) => rank(one) - rank(other));
}

function baseOf({ name, settings }: SharedProfile): string[] {
  const base = settings.get("source_profile")?.value;
  return base === undefined || base === name ? [] : [base];
}

function isUsable(profile: string, files: SharedFiles, env: Env): boolean {
  try {
    planOf({ profile, region: ANY_REGION }, files, env);
    return true;
  } catch (error) {
    if (error instanceof VouchError) return false;
    throw error;
  }
}

function regionIn(files: SharedFiles, name: string): Origin<string> | undefined {
  const setting = files.profiles.get(name)?.settings.get("region");
  return setting?.value ? { value: setting.value, origin: `profile ${name} in ${setting.file}` } : undefined;
}

/**
 * The variables that a profile's context needs so that every caller finds its files: absolute paths, and none for files at AWS's
 * default paths.
 */
export function fileVariables({
  env,
  homeDir,
}: Pick<AwsMachine, "env" | "homeDir">): Readonly<Record<string, string>> {
  const places = {
    AWS_CONFIG_FILE: awsConfigPath,
    AWS_SHARED_CREDENTIALS_FILE: awsCredentialsPath,
  };
  return Object.fromEntries(
    Object.entries(places).flatMap(([name, pathIn]) => {
      const file = pathIn(env, homeDir);
      return file === pathIn({}, homeDir) ? [] : [[name, file]];
    }),
  );
}
