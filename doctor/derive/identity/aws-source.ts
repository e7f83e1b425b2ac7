import { missingProfile } from "../../../token/aws/sources/plan-errors.ts";
import type { CredentialsPlan } from "../../../token/aws/sources/plan-kinds.ts";
import {
  absentProfile,
  type SharedFiles,
  type SharedProfile,
} from "../../../token/aws/sources/shared-files.ts";
import { planOf } from "../../../token/aws/sources/source-plan.ts";
import { type Env, envValue } from "../../../token/env.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { type PluginEnvironment, pluginVariable } from "../kubeconfig/plugin-environment.ts";
import { type AwsOrder, type AwsProfiles, type MergedProfile, profileChain } from "./aws-profile-chain.ts";

/** The profile in force, and what chose it. */
interface ChosenProfile {
  readonly name: string;
  readonly chosenBy: "--profile" | "exec.env" | "environment" | "file" | "default";
  /** The variable that names it, and its place: `AWS_PROFILE in the environment`. */
  readonly variable: string | undefined;
}

export type SourceKind =
  | "vouch"
  | "environment"
  | "assume-role"
  | "web-identity"
  | "sso"
  | "login"
  | "credentials-file"
  | "process"
  | "config-file"
  | "container"
  | "instance-metadata"
  | "nothing";

/** Where an exec plugin's AWS credentials come from. */
export interface CredentialSource {
  readonly kind: SourceKind;
  /** Undefined: profiles do not matter. */
  readonly profile: ChosenProfile | undefined;
  /** Profiles along `source_profile`, the chosen one first. */
  readonly chain: readonly MergedProfile[];
  /** Why it is this source and no other, as a sentence. */
  readonly why: string;
  /** False: something unknown could come before it or be part of it. */
  readonly isSure: boolean;
  /** How each link of it is reached; undefined if our planner does not cover it. */
  readonly plan: CredentialsPlan | undefined;
  /** What is wrong with files, profile or variables, so that they give no credentials. */
  readonly fault: VouchError | undefined;
}

/** Everything that determines the source. */
interface Chooser {
  readonly order: AwsOrder;
  readonly environment: PluginEnvironment;
  readonly profiles: AwsProfiles;
  readonly profile: ChosenProfile;
  readonly chain: readonly MergedProfile[];
}

type Source = Pick<CredentialSource, "kind" | "why"> & Partial<CredentialSource>;

interface GivenToProgram extends Pick<Chooser, "environment" | "profiles"> {
  /** The profile that `--profile` names. */
  readonly flag: string | undefined;
}

/** Where a program with this order takes credentials from. */
export function sourceInOrder(
  order: AwsOrder,
  { flag, environment, profiles }: GivenToProgram,
): CredentialSource {
  const profile = chosenProfile(flag, environment, order);
  const chain = profileChain(profiles, profile.name);
  const isSure = environment.isComplete && profiles.isComplete && !chain.some(isBare);
  const source = sourceOf({ order, environment, profiles, profile, chain });
  return { plan: undefined, fault: undefined, isSure, ...source, profile, chain };
}

/** A profile whose keys may be missing from the bundle only because people leave out secrets. */
function isBare({ settings }: MergedProfile): boolean {
  const isHalf = settings["aws_access_key_id"] !== undefined && !settings["aws_secret_access_key"];
  return isHalf || Object.keys(settings).length === 0;
}

/** The profile from a flag, otherwise from the first variable that is set. */
export function chosenProfile(
  flag: string | undefined,
  environment: PluginEnvironment,
  { profileVariables, takesEmpty }: AwsOrder,
): ChosenProfile {
  if (flag !== undefined) return { name: flag, chosenBy: "--profile", variable: undefined };
  for (const name of profileVariables) {
    const variable = environment.variables.find((each) => each.name === name);
    if (variable !== undefined && (takesEmpty || variable.value !== ""))
      return { name: variable.value, chosenBy: variable.origin, variable: `${name} in ${variable.place}` };
  }
  return { name: "default", chosenBy: "default", variable: undefined };
}

function sourceOf(chooser: Chooser): Source {
  const { profiles, profile, order, chain } = chooser;
  const mayBeAbsent = order.isGo && profile.variable?.startsWith("AWS_DEFAULT_PROFILE") === true;
  if (profiles.problem !== undefined && !order.isGo) return { ...broken(profiles.problem), isSure: true };
  if (profile.chosenBy !== "default" && chain.length === 0 && profiles.isComplete && !mayBeAbsent) {
    const by = chooserOf(profile);
    const why =
      profile.name === ""
        ? `${by} is empty, but no profile has an empty name`
        : `profile ${profile.name} (from ${by}) does not exist`;
    return { kind: "nothing", why, fault: missingProfile(profile.name, by, profiles.files) };
  }
  if (!order.isGo) return planned(chooser);
  const kind = goSource(variablesOf(chooser), sharedProfile(chooser));
  if (kind === undefined) return ofMachine(chooser);
  return KEYS.includes(kind) ? planned(chooser) : because(chooser, kind);
}

const KEYS: readonly SourceKind[] = ["environment", "credentials-file", "config-file"];

/** By the planner of our own tokens, which is not given what the program does not know or passes over. */
function planned(chooser: Chooser): Source {
  const { order, profile, chain } = chooser;
  const env = variablesOf(chooser);
  try {
    const question = { profile: profile.chosenBy === "--profile" ? profile.name : undefined, region: "" };
    const plan = planOf(question, filesFor(chooser), env);
    return plan.kind === "container" ? ofMachine(chooser) : { ...because(chooser, kindOf(plan)), plan };
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    if (error.code === "aws-variables-invalid")
      return {
        ...because(chooser, env["AWS_ACCESS_KEY_ID"] === undefined ? "web-identity" : "environment"),
        fault: error,
      };
    const isEmpty =
      error.code === "aws-not-configured" || (error.code === "profile-empty" && chain.length <= 1);
    if (isEmpty && order.goesOn) return ofMachine(chooser);
    return { ...broken(error), kind: kindMeant(sharedProfile(chooser)) };
  }
}

/** The intended kind of an incomplete profile, by the first of its settings that determines a kind. */
function kindMeant({ settings, credentials }: SharedProfile): SourceKind {
  const [key, kind] = MEANT.find(([setting]) => settings.has(setting)) ?? [];
  const isOfCredentials = key === "aws_access_key_id" && credentials.has(key);
  return isOfCredentials ? "credentials-file" : (kind ?? "nothing");
}

/** In the planner's order. */
const MEANT = [
  ["web_identity_token_file", "web-identity"],
  ["role_arn", "assume-role"],
  ["sso_account_id", "sso"],
  ["sso_role_name", "sso"],
  ["login_session", "login"],
  ["credential_process", "process"],
  ["aws_access_key_id", "config-file"],
] as const;

function broken(fault: VouchError): Source {
  return { kind: "nothing", why: fault.message.replace(/\.$/, ""), fault };
}

/**
 * The variables for the planner, with the chosen profile fixed, since the planner's own order of variables could choose another.
 * Go ignores half a key pair.
 */
function variablesOf({ order: { isGo }, environment, profile }: Chooser): Env {
  const env: Env = Object.fromEntries(environment.variables.map(({ name, value }) => [name, value]));
  const isHalf = isGo && envValue(env, "AWS_SECRET_ACCESS_KEY") === undefined;
  const name = profile.chosenBy === "default" ? undefined : profile.name;
  const chosen = { ...env, AWS_PROFILE: name, AWS_DEFAULT_PROFILE: undefined };
  return isHalf ? { ...chosen, AWS_ACCESS_KEY_ID: undefined } : chosen;
}

/** A profile that is missing here may be in an unknown file. */
function filesFor(chooser: Chooser): SharedFiles {
  const { profiles, order } = chooser;
  const all = new Map(profiles.files.profiles).set(chooser.profile.name, sharedProfile(chooser));
  const seen = [...all].map(([name, profile]): [string, SharedProfile] => [name, profileFor(order, profile)]);
  return { ...profiles.files, profiles: new Map(seen) };
}

function sharedProfile({ profiles: { files }, profile: { name } }: Chooser): SharedProfile {
  return files.profiles.get(name) ?? absentProfile(name, files);
}

/** The AWS CLI ignores a duration that is no number; the SDK for Go looks at keys before any other setting. */
function profileFor({ knowsLogin, reader, isGo }: AwsOrder, profile: SharedProfile): SharedProfile {
  const settings = new Map([...profile.settings].filter(([key]) => !isGo || key.startsWith("aws_")));
  if (!knowsLogin) settings.delete("login_session");
  if (reader === "aws-cli" && !/^\d+$/.test(settings.get("duration_seconds")?.value ?? ""))
    settings.delete("duration_seconds");
  return { ...profile, settings };
}

function kindOf(plan: CredentialsPlan): SourceKind {
  if (plan.kind !== "keys") return plan.kind;
  const kinds = {
    environment: "environment",
    credentials: "credentials-file",
    config: "config-file",
  } as const;
  return kinds[plan.from];
}

function because(chooser: Chooser, kind: SourceKind): Source {
  const { environment, profile, chain } = chooser;
  const key = pluginVariable(environment, "AWS_ACCESS_KEY_ID");
  if (kind === "environment" && key !== undefined) {
    const beaten = profile.chosenBy === "default" ? "" : ` over profile ${profile.name}`;
    const why = `AWS_ACCESS_KEY_ID is set in ${key.place} and takes precedence${beaten}`;
    return { kind, why, isSure: key.origin !== "file" };
  }
  const token = pluginVariable(environment, "AWS_WEB_IDENTITY_TOKEN_FILE");
  if (kind === "web-identity" && token !== undefined && profile.chosenBy !== "--profile")
    return { kind, why: `AWS_WEB_IDENTITY_TOKEN_FILE is set in ${token.place}` };
  const named = `profile ${profile.name}${formatChooser(profile)}`;
  const role = chain[0]?.settings["role_arn"];
  return { kind, why: kind === "assume-role" ? `${named} assumes ${role}` : named };
}

/** The variables with the address at which a container gets its credentials; the first that is set counts. */
export const CONTAINER_ADDRESSES = [
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

function ofMachine({ environment }: Chooser): Source {
  const before = "no keys in the environment and no credentials in a profile";
  const [container] = CONTAINER_ADDRESSES.flatMap((name) => pluginVariable(environment, name) ?? []);
  if (container !== undefined) return { kind: "container", why: `${before}; ${container.name} is set` };
  if (pluginVariable(environment, "AWS_EC2_METADATA_DISABLED")?.value.toLowerCase() === "true") {
    return { kind: "nothing", why: `${before}; AWS_EC2_METADATA_DISABLED is true` };
  }
  return { kind: "instance-metadata", why: `${before}; only the machine's role is left` };
}

function chooserOf({ chosenBy, variable }: ChosenProfile): string {
  return variable ?? chosenBy;
}

function formatChooser(profile: ChosenProfile): string {
  return profile.chosenBy === "default" ? "" : ` (from ${chooserOf(profile)})`;
}

/**
 * Where the SDK for Go takes credentials from: a profile's keys come before its other settings, an `sso_session` alone means
 * Identity Center, and a role is assumed with whatever the other settings give. Undefined: nothing in the environment or the
 * profile.
 *
 * Source: aws-sdk-go-v2, config/resolve_credentials.go; compared with aws-iam-authenticator 0.7.18.
 */
function goSource(env: Env, profile: SharedProfile): SourceKind | undefined {
  const isSet = (name: string) => envValue(env, name) !== undefined;
  if (isSet("AWS_ACCESS_KEY_ID") && isSet("AWS_SECRET_ACCESS_KEY")) return "environment";
  if (isSet("AWS_WEB_IDENTITY_TOKEN_FILE")) return "web-identity";
  const base = ofSettings(profile);
  return isPresent(profile, "role_arn") && base !== "web-identity" ? "assume-role" : base;
}

function ofSettings(profile: SharedProfile): SourceKind | undefined {
  const has = (key: string) => isPresent(profile, key);
  if (has("source_profile")) return "assume-role";
  if (has("aws_access_key_id") && has("aws_secret_access_key"))
    return profile.credentials.has("aws_access_key_id") ? "credentials-file" : "config-file";
  if (has("credential_source")) return "assume-role";
  if (has("web_identity_token_file")) return "web-identity";
  if (["sso_session", "sso_account_id", "sso_start_url", "sso_region", "sso_role_name"].some(has))
    return "sso";
  if (has("login_session")) return "login";
  return has("credential_process") ? "process" : undefined;
}

function isPresent({ settings }: SharedProfile, key: string): boolean {
  return Boolean(settings.get(key)?.value);
}
