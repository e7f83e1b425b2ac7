import { sentence } from "../../../token/command/sentence.ts";
import { type Description, defineRule, doesNotApply, found } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { awsProfiles } from "../../derive/identity/aws-profile-chain.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { documentOf, type Fix, forYou } from "../../fixes/fix.ts";
import { removeVariables, setExecEnv } from "../../fixes/kubeconfig-commands.ts";
import { chooseProfile, hasOtherProfile, listProfiles, newProfile } from "../../fixes/profile-choice.ts";
import { errorConclusion, foundInFiles } from "../shared/error-rule.ts";

/**
 * Go's message after a comma is about a source_profile.
 *
 * Source: botocore, exceptions.py (ProfileNotFound); aws-sdk-go-v2, config (SharedConfigProfileNotExistError);
 * token/aws/sources/plan-errors.ts.
 */
const NOT_FOUND =
  /The config profile \(([^()]*)\) could not be found|Could not resolve credentials using profile: \[([^[\]]*)\]|(?<!, )failed to get shared config profile,? ?([^\s,]+)|There is no AWS profile ([^\n]{1,300}?), which |AWS profile ([^\n]{1,300}?) \(from [^()\n]{1,100}\) not found in /;

export const awsProfileMissing = defineRule({
  cause: {
    id: "L3",
    what: "The AWS profile set in the exec block or the environment does not exist on this machine.",
    seen: "The config profile (…) could not be found",
    remedy: "Use a profile that exists, create the missing one, or remove it from the entry.",
    page: "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html",
  },
  expects: "the configured AWS profile exists on this machine",
  needs: ["preAuthSeverity"],
  check({ preAuthSeverity: severity }, seen) {
    const error = seen.credentialErrors?.match(NOT_FOUND);
    if (error !== undefined) {
      const name = error.quote.match.slice(1).find((group) => group !== undefined) ?? "";
      return found(errorConclusion(error, (facts) => describe(facts, name)));
    }
    if (seen.exec === undefined) return doesNotApply("the kubeconfig user does not have an exec block");
    return foundInFiles(seen, {
      severity,
      most: "certain",
      // A profile that is specified must exist, even if another source takes precedence.
      isSure: true,
      isShown: () => isMissing(seen),
      describe(facts) {
        const { evidence, ...rest } = describe(facts, facts.credentials?.profile?.name ?? "");
        return { ...rest, evidence: [...describeFiles(facts), ...evidence] };
      },
    });
  },
  refuted: ({ credentialErrors, evidence }) => {
    const named = credentialErrors?.match(NOT_FOUND)?.quote.match.slice(1) ?? [];
    return named.some((name) => name !== undefined && awsProfiles(evidence).byName.has(name));
  },
});

/** Whether it is the specified profile itself, not one to which it refers. */
function isMissing({ credentials }: Facts): boolean {
  return credentials?.fault?.code === "profile-missing" && credentials.chain.length === 0;
}

type Chosen = NonNullable<NonNullable<Facts["credentials"]>["profile"]>;

function describe(facts: Facts, name: string): Description {
  if (name === "") return describeEmpty(facts);
  const chosen = facts.credentials?.profile;
  const chooser = chosen?.name === name ? describeChooser(chosen) : undefined;
  const isBare = isBareSection(facts, name);
  return {
    summary: `AWS profile ${name}${chooser === undefined ? "" : ` (from ${chooser})`} does not exist on this machine.`,
    evidence: [
      isBare && `The config file contains a section [${name}]; in that file it must be [profile ${name}].`,
    ],
    falsifiedBy: sentence`${listProfiles(facts.evidence)}, run with the exec block's environment, lists ${name}.`,
    fixes: fixes(facts, name, isBare ? [renameSection(facts, name)] : []),
  };
}

/** The AWS CLI interprets an empty variable as the name of a profile. */
function describeEmpty(facts: Facts): Description {
  const chosen = facts.credentials?.profile;
  const variable = chosen?.name === "" ? chosen.variable : undefined;
  const { variables } = facts.pluginEnvironment;
  const empty = variables.filter(({ name, value }) => PROFILE_VARIABLES.includes(name) && value === "");
  const names = empty.length === 0 ? PROFILE_VARIABLES : empty.map(({ name }) => name);
  return {
    summary: `${variable ?? "AWS_PROFILE"} is empty, which ${facts.exec?.program ?? "the plugin"} interprets as a profile with an empty name.`,
    evidence: [],
    falsifiedBy: "The plugin fails with the same error when the variable is not set.",
    fixes: [
      forYou(
        "If the default credentials are the right ones, unset the variable.",
        removeVariables(facts, names),
      ),
      forYou("Or use an existing profile.", ...chooseProfile(facts)),
    ],
  };
}

const PROFILE_VARIABLES = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];

/** A section without the word `profile`, which is how the credentials file names its sections. */
function isBareSection({ evidence: { awsConfig } }: Facts, name: string): boolean {
  return awsProfiles({ awsConfig: NO_TEXT, awsCredentials: awsConfig }).byName.has(name);
}

const NO_TEXT = { path: "", text: "" };

/** Undefined: no setting specifies a profile. */
function describeChooser({ chosenBy, variable }: Chosen): string | undefined {
  return chosenBy === "--profile" ? "--profile in the exec block" : variable;
}

function describeFiles({ credentials, evidence }: Facts): Description["evidence"] {
  const chosen = credentials?.profile;
  const chooser = chosen && describeChooser(chosen);
  const files = [knownValue(evidence.awsConfig)?.path, knownValue(evidence.awsCredentials)?.path];
  const names = [...awsProfiles(evidence).byName.keys()].join(", ");
  return [
    chooser !== undefined && chosen?.name !== "" && `${chooser} specifies profile ${chosen?.name}.`,
    `Profiles in ${files.join(" and ")}: ${names || "none"}.`,
  ];
}

function renameSection({ evidence }: Facts, name: string): Fix {
  const path = knownValue(evidence.awsConfig)?.path ?? "~/.aws/config";
  // Other names need quotes, which AWS's tools read differently.
  const isPlain = /^[\w.@+-]+$/.test(name);
  return forYou(
    `Correct the section name in ${path}.`,
    ...(isPlain ? [documentOf(`[profile ${name}]`)] : []),
  );
}

function fixes(facts: Facts, name: string, renaming: readonly Fix[]): Fix[] {
  const { exec, credentials } = facts;
  const isOfEnvironment =
    ["environment", "file"].includes(credentials?.profile?.chosenBy ?? "") && exec?.profile === undefined;
  const removal = forYou(
    "Or, if the default credentials are the right ones, remove the profile from the exec block.",
    setExecEnv(facts, { AWS_PROFILE: undefined }),
  );
  const another = forYou(
    isOfEnvironment
      ? "Set a different profile in the exec block, which overrides the environment."
      : "Use an existing profile.",
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
