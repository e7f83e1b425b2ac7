import { kubectl } from "../../token/command/command.ts";
import type { Facts } from "../derive/facts.ts";
import {
  awsProfiles,
  isMissingProfile,
  type MergedProfile,
  profileIdentity,
} from "../derive/identity/aws-profile-chain.ts";
import { isOwnSourceBlock, profileInForce } from "../derive/identity/credential-source.ts";
import { likelyTarget } from "../derive/target/target-cluster.ts";
import { browserSignIn, isVersion1, listProfiles, newProfile } from "./aws-cli-version.ts";
import type { Action } from "./fix.ts";
import { freeName } from "./free-name.ts";
import { useProfile } from "./kubeconfig-commands.ts";

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
