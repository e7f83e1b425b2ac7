import {
  aws,
  edit,
  kubectl,
  pathWord,
  type Run,
  runPerSystem,
  type Value,
} from "../../token/command/command.ts";
import type { Facts } from "../derive/facts.ts";
import {
  awsProfiles,
  isMissingProfile,
  type MergedProfile,
  profileIdentity,
} from "../derive/identity/aws-profile-chain.ts";
import { isOwnSourceBlock, profileInForce } from "../derive/identity/credential-source.ts";
import { likelyTarget } from "../derive/target/target-cluster.ts";
import { type DoctorEvidence, knownValue } from "../evidence/evidence.ts";
import { type Action, documentOf, type Fix, forYou } from "./fix.ts";
import { useProfile } from "./kubeconfig-commands.ts";
import { freeName } from "./rbac-actions.ts";

type ProfileCase = Pick<Facts, "evidence" | "context" | "exec" | "credentials">;

/**
 * Puts a profile other than the one in force into the entry: the only other one; if there are several, they are listed first; if
 * it is known that there is none, a new one is created.
 */
export function chooseProfile(facts: ProfileCase, account?: string): readonly Action[] {
  const others = otherProfiles(facts);
  const [only, ...more] = account === undefined ? others : ofAccount(others, account);
  if (only !== undefined && more.length === 0) return useProfile(facts, only.name);
  if (only === undefined && awsProfiles(facts.evidence).isComplete) return createProfile(facts);
  return [listProfiles(facts.evidence), ...useProfile(facts, undefined)];
}

/**
 * Signs in with a profile; if that does not exist, with another one, from a list of those that do. For Identity Center our own
 * login is used if the plugin is ours, or if the AWS CLI has no such login: all tools share the file that it writes.
 */
export function signIn(
  { evidence, exec }: Pick<Facts, "evidence" | "exec">,
  operation: "login" | "sso login",
  profile: string | undefined,
): readonly Action[] {
  const isByUs = isOwnSourceBlock(exec) || isVersion1(evidence);
  if (operation === "sso login" && isByUs && profile !== undefined && !isMissingProfile(evidence, profile))
    return [kubectl("vouch login", { profile })];
  if (profile === undefined || !isMissingProfile(evidence, profile))
    return browserSignIn(evidence, operation, profile);
  return [listProfiles(evidence), ...browserSignIn(evidence, operation, "PROFILE")];
}

/** False: it is known that the profile in force is the only one. */
export function hasOtherProfile(facts: ProfileCase): boolean {
  return otherProfiles(facts).length > 0 || !awsProfiles(facts.evidence).isComplete;
}

function otherProfiles({ evidence, credentials }: ProfileCase): readonly MergedProfile[] {
  const inForce = profileInForce(credentials);
  return [...awsProfiles(evidence).byName.values()].filter(({ name }) => name !== inForce);
}

/** Creates a profile, named after the cluster if that name is free, and puts it into the entry. */
export function createProfile(facts: ProfileCase): readonly Action[] {
  const taken = awsProfiles(facts.evidence).byName.keys();
  const profile = freeName(likelyTarget(facts).name ?? "eks", taken);
  return [...newProfile(facts.evidence, profile), ...useProfile(facts, profile)];
}

/** Profiles that lead to the account; if there are none, those whose account is not known. */
function ofAccount(profiles: readonly MergedProfile[], account: string): readonly MergedProfile[] {
  const there = profiles.filter((profile) => profileIdentity(profile)?.account === account);
  return there.length > 0 ? there : profiles.filter((profile) => profileIdentity(profile) === undefined);
}

/**
 * Whether the user's AWS CLI is known to be version 1, which lacks some commands of version 2. Source:
 * doctor/AWS-CREDENTIALS.md, "AWS CLI".
 */
function isVersion1({ execCommand }: DoctorEvidence): boolean {
  return /^aws-cli\/1\./.test(knownValue(execCommand)?.version ?? "");
}

/** Where to get version 2. */
const VERSION_2 = documentOf("https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html");

/** Prints the names of all profiles. */
export function listProfiles(evidence: DoctorEvidence): Run {
  if (!isVersion1(evidence)) return aws("configure list-profiles");
  const files = [knownValue(evidence.awsConfig), knownValue(evidence.awsCredentials)];
  const known = files.flatMap((file) =>
    file === undefined || file.text === "" ? [] : [pathWord(file.path)],
  );
  const usual: readonly Value[] = [{ underHome: ".aws/config" }, { underHome: ".aws/credentials" }];
  return runPerSystem(["grep", "-hs", "^\\["], "findstr /b /l [", ...(known.length > 0 ? known : usual));
}

/** Creates a profile for IAM Identity Center: without `sso`, the CLI would store keys that never expire. */
export function newProfile(evidence: DoctorEvidence, profile: string): readonly Action[] {
  return browserSignIn(evidence, "configure sso", profile);
}

/** Signs in with a browser; if the CLI is version 1, after version 2 has been installed. */
export function browserSignIn(
  evidence: DoctorEvidence,
  operation: "login" | "sso login" | "configure sso",
  profile: string | undefined,
): readonly Action[] {
  return [...(isVersion1(evidence) ? [VERSION_2] : []), aws(operation, { profile })];
}

/** Replaces `aws` in the entry with kubectl-vouch; nothing if the entry runs another program, or setup could not do it. */
export function useOurs(
  { evidence, exec, target: { cluster, region } }: Facts,
  profile: string,
  description: string,
  ...then: readonly Action[]
): Fix[] {
  const isKnown = knownValue(evidence.cluster) !== undefined && !isMissingProfile(evidence, profile);
  if (exec?.program !== "aws" || !isKnown) return [];
  const setUp = kubectl("vouch setup eks", { cluster, region, profile, migrate: true, "in-place": true });
  return [forYou(description, setUp, ...then)];
}

/** Opens the one of AWS's two files that has a setting of a profile; nothing if it is not known which. */
export function editSetting(
  { evidence }: Pick<Facts, "evidence">,
  profile: MergedProfile | undefined,
  key: string,
): readonly Run[] {
  const setting = awsProfiles(evidence)
    .files.profiles.get(profile?.name ?? "")
    ?.settings.get(key);
  return setting === undefined ? [] : [edit(setting.file, setting.line)];
}
