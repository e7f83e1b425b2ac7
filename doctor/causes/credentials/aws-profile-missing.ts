import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { type Description, doesNotApply, found } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import { awsProfiles } from "../../derive/identity/aws-profile-chain.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { listProfiles, newProfile } from "../../fixes/aws-cli-version.ts";
import { documentOf, type Fix, forYou } from "../../fixes/fix.ts";
import { setExecEnv } from "../../fixes/kubeconfig-commands.ts";
import { chooseProfile, hasOtherProfile } from "../../fixes/profile-choice.ts";
import { removeVariables } from "../../fixes/remove-variables.ts";
import { errorConclusion } from "../shared/error-rule.ts";
import { foundInFiles } from "../shared/found-in-files.ts";

/**
 * Go's message after a comma is about a source_profile.
 *
 * Source: botocore, exceptions.py (ProfileNotFound); aws-sdk-go-v2, config (SharedConfigProfileNotExistError);
 * token/aws/sources/plan-errors.ts.
 */
const NOT_FOUND =
  /The config profile \(([^()]*)\) could not be found|(?<!, )failed to get shared config profile,? ?([^\s,]+)|There is no AWS profile ([^\n]{1,300}?), which |AWS profile ([^\n]{1,300}?) \(from [^()\n]{1,100}\) not found in /;

export const awsProfileMissing = defineRule({
  causes: [
    {
      id: "L3",
      what: "The AWS profile that the exec block or the environment names does not exist on this machine.",
      seen: "The config profile (…) could not be found",
    },
  ],
  expects: "the AWS profile that the entry names exists on this machine",
  needs: ["preAuthSeverity"],
  check({ preAuthSeverity: severity }, seen) {
    const error = seen.credentialErrors?.match(NOT_FOUND);
    if (error !== undefined) {
      const name = error.quote.match.slice(1).find((group) => group !== undefined) ?? "";
      return found(errorConclusion(error, (facts) => describe(facts, name)));
    }
    if (seen.exec === undefined) return doesNotApply("the user has no exec block");
    return foundInFiles(seen, {
      severity,
      most: "certain",
      // A profile that is named must exist, even if another source takes precedence.
      isSure: true,
      isShown: () => isMissing(seen),
      describe(facts) {
        const { evidence, ...rest } = describe(facts, facts.credentials?.profile?.name ?? "");
        return { ...rest, evidence: [...sayFiles(facts), ...evidence] };
      },
    });
  },
  refuted: ({ credentialErrors, evidence }) => {
    const named = credentialErrors?.match(NOT_FOUND)?.quote.match.slice(1) ?? [];
    return named.some((name) => name !== undefined && awsProfiles(evidence).byName.has(name));
  },
});

/** Whether it is the named profile itself, not one to which it refers. */
function isMissing({ credentials }: Facts): boolean {
  return credentials?.fault?.code === "profile-missing" && credentials.chain.length === 0;
}

type Chosen = NonNullable<NonNullable<Facts["credentials"]>["profile"]>;

function describe(facts: Facts, name: string): Description {
  if (name === "") return describeEmpty(facts);
  const chosen = facts.credentials?.profile;
  const by = chosen?.name === name && chosen.chosenBy !== "default" ? sayChooser(chosen) : "Something";
  const isBare = isBareSection(facts, name);
  return {
    summary: `${by} names the AWS profile ${name}, which does not exist on this machine.`,
    evidence: [isBare && `The config file has a section [${name}]; there it must read [profile ${name}].`],
    falsifiedBy: sentence`${listProfiles(facts.evidence)}, with the exec block's environment, lists ${name}.`,
    fixes: fixes(facts, name, isBare ? [renameSection(facts, name)] : []),
  };
}

/** The AWS CLI takes an empty variable for the name of a profile. */
function describeEmpty(facts: Facts): Description {
  const chosen = facts.credentials?.profile;
  const variable = chosen?.name === "" ? chosen.variable : undefined;
  const { variables } = facts.pluginEnvironment;
  const empty = variables.filter(({ name, value }) => PROFILE_VARIABLES.includes(name) && value === "");
  const names = empty.length === 0 ? PROFILE_VARIABLES : empty.map(({ name }) => name);
  return {
    summary: `${variable ?? "AWS_PROFILE"} is set to an empty value, which ${facts.exec?.program ?? "the plugin"} takes for a profile with an empty name.`,
    evidence: [],
    falsifiedBy: "Without the variable the plugin fails with the same error.",
    fixes: [
      forYou(
        "Remove the variable, if the default credentials are the right ones.",
        removeVariables(facts, names),
      ),
      forYou("Or name a profile that exists.", ...chooseProfile(facts)),
    ],
  };
}

const PROFILE_VARIABLES = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];

/** A section without the word `profile`, which is how the credentials file names its sections. */
function isBareSection({ evidence: { awsConfig } }: Facts, name: string): boolean {
  return awsProfiles({ awsConfig: NO_TEXT, awsCredentials: awsConfig }).byName.has(name);
}

const NO_TEXT = { path: "", text: "" };

function sayChooser(profile: Chosen): string {
  if (profile.chosenBy === "--profile") return "--profile in the exec block";
  return profile.variable ?? "Nobody";
}

function sayFiles({ credentials, evidence }: Facts): Description["evidence"] {
  const chosen = credentials?.profile;
  const files = [knownValue(evidence.awsConfig)?.path, knownValue(evidence.awsCredentials)?.path];
  const names = [...awsProfiles(evidence).byName.keys()].join(", ");
  return [
    chosen && chosen.name !== "" && `${sayChooser(chosen)} names ${chosen.name}.`,
    `${files.join(" and ")} have ${names === "" ? "no profiles" : `the profiles ${names}`}.`,
  ];
}

function renameSection({ evidence }: Facts, name: string): Fix {
  const path = knownValue(evidence.awsConfig)?.path ?? "~/.aws/config";
  // Other names need quotes, which AWS's tools read differently.
  const isPlain = /^[\w.@+-]+$/.test(name);
  return forYou(
    `Correct the section's name in ${path}.`,
    ...(isPlain ? [documentOf(`[profile ${name}]`)] : []),
  );
}

function fixes(facts: Facts, name: string, renaming: readonly Fix[]): Fix[] {
  const { exec, credentials } = facts;
  const isOfEnvironment =
    ["environment", "file"].includes(credentials?.profile?.chosenBy ?? "") && exec?.profile === undefined;
  const removal = forYou(
    "Or remove the profile from the entry, if the default credentials are the right ones.",
    setExecEnv(facts, { AWS_PROFILE: undefined }),
  );
  const another = forYou(
    isOfEnvironment
      ? "Name another profile: the kubeconfig entry overrides the environment."
      : "Name a profile that exists.",
    ...chooseProfile(facts),
  );
  const others = hasOtherProfile(facts) ? [...renaming, another] : renaming;
  return [
    ...others,
    forYou(
      others.length === 0 ? "Create the profile." : "Or create the profile.",
      ...newProfile(facts.evidence, name),
    ),
    ...(exec?.env["AWS_PROFILE"] === name ? [removal] : []),
  ];
}
