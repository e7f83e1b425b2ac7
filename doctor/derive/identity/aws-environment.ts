import {
  type PluginCase,
  type PluginEnvironment,
  pluginEnvironment,
  pluginVariable,
} from "../kubeconfig/plugin-environment.ts";
import { type AwsProfiles, awsProfiles, type MergedProfile, profileChain } from "./aws-profile-chain.ts";

/** The profile in force, and who chose it. */
interface ChosenProfile {
  readonly name: string;
  readonly chosenBy: "--profile" | "exec.env" | "environment" | "file" | "default";
  /** Variable that names it, and where: `AWS_PROFILE in the environment`. */
  readonly variable: string | undefined;
}

/** Where an exec plugin's AWS credentials come from. */
export interface CredentialSource {
  readonly kind:
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
  /** Undefined: profiles play no part. */
  readonly profile: ChosenProfile | undefined;
  /** Profiles along `source_profile`, the chosen one first. */
  readonly chain: readonly MergedProfile[];
  /** Why it is this source and no other, as a sentence. */
  readonly why: string;
  /** False: something unknown could come before it. */
  readonly isSure: boolean;
}

/** All that decides, in one place. */
interface Chooser {
  readonly environment: PluginEnvironment;
  readonly profiles: AwsProfiles;
  readonly profile: ChosenProfile;
  readonly chain: readonly MergedProfile[];
}

type Source = Pick<CredentialSource, "kind" | "why"> & Partial<Pick<CredentialSource, "isSure">>;

/**
 * Which credentials the exec plugin uses, and why these: the order of the AWS CLI, which is also that of
 * aws-iam-authenticator as far as it goes. Undefined for plugins whose order is not known. Instance metadata is never
 * asked; it is what is left when nothing else gives credentials.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Credential chain".
 */
export function credentialSource(facts: PluginCase): CredentialSource | undefined {
  const { exec } = facts;
  if (exec === undefined || exec.tool === "other") return undefined;
  if (exec.tool === "kubectl-vouch" || exec.tool === "vouch") {
    const why = `${exec.program} takes them from its Vouch session; AWS variables and profiles change nothing`;
    return { kind: "vouch", profile: undefined, chain: [], why, isSure: true };
  }
  const environment = pluginEnvironment(facts);
  const profiles = awsProfiles(facts.evidence);
  const profile = chosenProfile(exec.profile, environment, exec.tool === "aws");
  const chain = profileChain(profiles, profile.name);
  const chooser = { environment, profiles, profile, chain };
  const source = fromEnvironment(chooser) ?? fromProfile(chooser) ?? fromMachine(chooser);
  return {
    ...source,
    profile,
    chain,
    isSure: source.isSure ?? (environment.isComplete && profiles.isComplete),
  };
}

/** The AWS CLI asks AWS_DEFAULT_PROFILE before AWS_PROFILE (measured, 1.45); Go programs know only the second. */
function chosenProfile(
  flag: string | undefined,
  environment: PluginEnvironment,
  isAwsCli: boolean,
): ChosenProfile {
  if (flag !== undefined) return { name: flag, chosenBy: "--profile", variable: undefined };
  for (const name of isAwsCli ? ["AWS_DEFAULT_PROFILE", "AWS_PROFILE"] : ["AWS_PROFILE"]) {
    const variable = pluginVariable(environment, name);
    if (variable !== undefined)
      return { name: variable.value, chosenBy: variable.origin, variable: `${name} in ${variable.place}` };
  }
  return { name: "default", chosenBy: "default", variable: undefined };
}

/** Only `--profile` takes the environment's keys out of the chain; a profile named by a variable does not. */
function fromEnvironment({ environment, profile }: Chooser): Source | undefined {
  const key = pluginVariable(environment, "AWS_ACCESS_KEY_ID");
  if (key === undefined || profile.chosenBy === "--profile") return undefined;
  const beaten = profile.chosenBy === "default" ? "" : `, before profile ${profile.name}`;
  return {
    kind: "environment",
    why: `AWS_ACCESS_KEY_ID is set in ${key.place} and comes first${beaten}`,
    isSure: key.origin !== "file",
  };
}

function fromProfile({ environment, profile, chain }: Chooser): Source | undefined {
  const [first] = chain;
  const settings = first?.settings ?? {};
  const named = `profile ${profile.name}${sayChosen(profile)}`;
  const assumes = settings["role_arn"] !== undefined;
  if (assumes && (settings["source_profile"] ?? settings["credential_source"]) !== undefined) {
    return { kind: "assume-role", why: `${named} assumes ${settings["role_arn"]}` };
  }
  const token = pluginVariable(environment, "AWS_WEB_IDENTITY_TOKEN_FILE");
  if (token !== undefined && profile.chosenBy !== "--profile") {
    return { kind: "web-identity", why: `AWS_WEB_IDENTITY_TOKEN_FILE is set in ${token.place}` };
  }
  const kind = kindOfSettings(first);
  return kind === undefined ? undefined : { kind, why: `${named} says so` };
}

function kindOfSettings(profile: MergedProfile | undefined): CredentialSource["kind"] | undefined {
  const settings = profile?.settings ?? {};
  const has = (key: string) => settings[key] !== undefined;
  if (has("web_identity_token_file")) return "web-identity";
  if (has("sso_account_id") && (has("sso_session") || has("sso_start_url"))) return "sso";
  if (has("login_session")) return "login";
  if (profile?.keysIn === "credentials") return "credentials-file";
  if (has("credential_process")) return "process";
  return profile?.keysIn === "config" ? "config-file" : undefined;
}

function fromMachine({ environment, profiles, profile, chain }: Chooser): Source {
  if (profile.chosenBy !== "default" && chain.length === 0 && profiles.isComplete) {
    return { kind: "nothing", why: `there is no profile ${profile.name}, which ${chooserOf(profile)} names` };
  }
  const before = "no keys in the environment and no credentials in a profile";
  const container = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"]
    .map((name) => pluginVariable(environment, name))
    .find((variable) => variable !== undefined);
  if (container !== undefined) return { kind: "container", why: `${before}; ${container.name} is set` };
  if (pluginVariable(environment, "AWS_EC2_METADATA_DISABLED")?.value.toLowerCase() === "true") {
    return { kind: "nothing", why: `${before}; AWS_EC2_METADATA_DISABLED is true` };
  }
  return { kind: "instance-metadata", why: `${before}: what is left is the machine's own role` };
}

function chooserOf({ chosenBy, variable }: ChosenProfile): string {
  return variable ?? chosenBy;
}

function sayChosen(profile: ChosenProfile): string {
  return profile.chosenBy === "default" ? "" : ` (named by ${chooserOf(profile)})`;
}

/** Name of the profile that decides, unless nobody chose one or profiles play no part. */
export function profileInForce(source: CredentialSource | undefined): string | undefined {
  return (
    source?.chain[0]?.name ?? (source?.profile?.chosenBy === "default" ? undefined : source?.profile?.name)
  );
}

/** The first profile along the chain that has one of these settings. */
export function profileWith(
  source: CredentialSource | undefined,
  ...keys: readonly string[]
): MergedProfile | undefined {
  return source?.chain.find(({ settings }) => keys.some((key) => settings[key] !== undefined));
}
