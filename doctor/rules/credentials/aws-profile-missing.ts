import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { type CredentialError, refusalIn } from "../../derive/failure/error-sources.ts";
import { preAuthSeverity } from "../../derive/failure/pre-auth-severity.ts";
import { type AwsProfiles, awsProfiles } from "../../derive/identity/aws-profile-chain.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { aws } from "../../fixes/aws.ts";
import type { Fix } from "../../fixes/fix.ts";
import { documentOf } from "../../fixes/fix.ts";
import { setExecEnv, useProfile } from "../../fixes/kubeconfig-commands.ts";

/** Source: botocore, exceptions.py (ProfileNotFound); aws-sdk-go-v2, config (SharedConfigProfileNotExistError). */
const NOT_FOUND =
  /The config profile \(([^()]*)\) could not be found|failed to get shared config profile,? ?([^\s,]+)/;

export const awsProfileMissing = defineLegacyRule({
  code: "aws-profile-missing",
  stage: "credentials",
  causes: ["L3"],
  expects: "the AWS profile that the entry names exists on this machine",
  needs: ["exec"],
  judge(facts) {
    const profiles = awsProfiles(facts.evidence);
    const refusal = refusalIn(facts, NOT_FOUND);
    const shown = refusal === undefined ? missingInFiles(facts, profiles) : fromWords(refusal);
    if (shown === undefined) return [];
    const { name, evidence, ...sureness } = shown;
    const chooser = facts.credentials?.profile;
    const by = chooser?.name === name && chooser.chosenBy !== "default" ? sayChooser(chooser) : "something";
    const bare = profiles.bareSections.includes(name);
    return [
      {
        cause: "L3",
        stage: "credentials",
        ...sureness,
        summary: `${by} names the AWS profile ${name}, and there is no such profile on this machine.`,
        evidence: [
          ...evidence,
          ...(bare ? [`The config file has a section [${name}]; there it must read [profile ${name}].`] : []),
        ],
        falsifiedBy: sentence`${aws("configure list-profiles")}, with the exec block's environment, lists ${name}.`,
        fixes: fixes(facts, name, { profiles, bare }),
      },
    ];
  },
});

type Shown = Pick<CredentialError, "severity" | "confidence" | "inferred"> & {
  readonly name: string;
  readonly evidence: readonly string[];
};

function fromWords({ quote, said, ...sureness }: CredentialError): Shown {
  return { ...sureness, name: quote.match[1] ?? quote.match[2] ?? "", evidence: [said] };
}

/** Both files are known and neither has it. Where the plugin was run, its own words decide. */
function missingInFiles(facts: Facts, profiles: AwsProfiles): Shown | undefined {
  const { evidence, symptom, credentials } = facts;
  const severity = preAuthSeverity(facts);
  const chosen = credentials?.profile;
  if (severity === undefined || chosen === undefined || chosen.chosenBy === "default") return undefined;
  if (!profiles.isComplete || profiles.byName.has(chosen.name)) return undefined;
  if (knownValue(evidence.pluginRun) !== undefined || knownValue(evidence.callerIdentity) !== undefined)
    return undefined;
  const files = [knownValue(evidence.awsConfig)?.path, knownValue(evidence.awsCredentials)?.path].join(
    " and ",
  );
  const sentence = `${files} have the profiles ${[...profiles.byName.keys()].join(", ") || "of nobody"}.`;
  return {
    severity,
    confidence: symptom?.kind === "unauthorized" ? "possible" : "certain",
    name: chosen.name,
    evidence: [`${sayChooser(chosen)} names ${chosen.name}.`, sentence],
  };
}

function sayChooser(profile: NonNullable<NonNullable<Facts["credentials"]>["profile"]>): string {
  if (profile.chosenBy === "--profile") return "--profile in the exec block";
  return `${profile.variable} in ${profile.chosenBy === "exec.env" ? "the exec block's env" : "the environment"}`;
}

function fixes(
  facts: Facts,
  name: string,
  { profiles, bare }: { readonly profiles: AwsProfiles; readonly bare: boolean },
): Fix[] {
  const { exec, credentials, evidence } = facts;
  const path = knownValue(evidence.awsConfig)?.path ?? "~/.aws/config";
  const [only] = profiles.byName.size === 1 ? [...profiles.byName.keys()] : [];
  const isOurs = credentials?.profile?.chosenBy === "environment" && exec?.profile === undefined;
  return [
    ...(bare
      ? [
          {
            audience: "you" as const,
            description: `Correct the section's name in ${path}.`,
            // Other names want quotes, which each tool of AWS reads in its own way.
            ...(/^[\w.@+-]+$/.test(name) ? { actions: [documentOf(`[profile ${name}]`)] } : {}),
          },
        ]
      : []),
    {
      audience: "you",
      description: isOurs
        ? "Name another profile: in the kubeconfig entry it wins over the environment."
        : "Name a profile that exists.",
      actions: [aws("configure list-profiles"), useProfile(facts, only)],
    },
    {
      audience: "you",
      description: "Or make the profile.",
      actions: [aws("configure sso", { profile: name })],
    },
    ...(exec?.env["AWS_PROFILE"] === name
      ? [
          {
            audience: "you" as const,
            description:
              "Or take the profile out of the entry, if the default credentials are the right ones.",
            actions: [setExecEnv(facts, { AWS_PROFILE: undefined })],
          },
        ]
      : []),
  ];
}
