import { unsetVariables } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { isOtherPrincipal } from "../../derive/failure/pre-auth-severity.ts";
import { type MergedProfile, profileIdentity } from "../../derive/identity/aws-profile-chain.ts";
import type { Principal } from "../../derive/identity/principal.ts";
import { pluginEnvironment, pluginVariable } from "../../derive/kubeconfig/plugin-environment.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { aws } from "../../fixes/aws.ts";
import { KEY_VARIABLES } from "../../fixes/credential-renewal.ts";
import type { Fix } from "../../fixes/fix.ts";
import { setExecArgs, setExecEnv, withFlag } from "../../fixes/kubeconfig-commands.ts";

export const awsKeysOverrideProfile = defineLegacyRule({
  code: "aws-keys-override-profile",
  stage: "credentials",
  causes: ["L4"],
  expects: "no AWS keys in the environment push aside the profile that the entry names",
  needs: ["exec", "credentials"],
  judge(facts) {
    const { credentials, symptom, principal } = facts;
    const { profile, chain } = credentials;
    if (credentials.kind !== "environment" || profile === undefined || profile.chosenBy === "default")
      return [];
    const differs = principal === undefined ? undefined : isAnother(principal, chain);
    if (differs === false || isOtherPrincipal(facts)) return [];
    if (symptom !== undefined && !["none", "unauthorized", "forbidden", "other"].includes(symptom.kind))
      return [];
    const works = symptom?.kind === "none";
    return [
      {
        cause: "L4",
        stage: "credentials",
        severity: works ? "warning" : "error",
        confidence: sureness(facts, differs),
        summary: `AWS keys in the environment are used, and not profile ${profile.name}${
          differs === true ? `: the cluster sees ${principal?.canonicalArn}` : ""
        }.`,
        evidence: [
          `${credentials.why}: a profile named by a variable does not take keys out of the chain.`,
          ...keyIdSentence(facts),
          ...(principal === undefined ? [] : [`AWS says that the caller is ${principal.arn}.`]),
          ...(differs === true ? [`Profile ${profile.name} leads to another role.`] : []),
        ],
        falsifiedBy: sentence`${aws("sts get-caller-identity", { profile: profile.name })} gives the same identity as without --profile.`,
        fixes: fixes(facts, profile.name),
        explains: ["L5", "L6", "L7", "L15", "E1", "E5", "A1", "M2"],
      },
    ];
  },
});

/** Whether the caller is not whom the profile leads to; undefined when its settings do not say. */
function isAnother(principal: Principal, chain: readonly MergedProfile[]): boolean | undefined {
  const [first] = chain;
  const meant = first === undefined ? undefined : profileIdentity(first);
  if (meant === undefined) return undefined;
  const isRole = meant.role.endsWith("_")
    ? principal.name.startsWith(meant.role)
    : principal.name === meant.role;
  return !(principal.account === meant.account && isRole);
}

/** A mapping that fits the identity in force means that something else is wrong. */
function sureness({ symptom, mapping }: Facts, differs: boolean | undefined): Confidence {
  const isMapped = mapping?.by === "entry" || mapping?.by === "aws-auth";
  if (symptom === undefined || symptom.kind === "none") return "likely";
  if (symptom.kind === "unauthorized" && isMapped) return "possible";
  return differs === true && (symptom.kind === "forbidden" || mapping?.by === "nobody")
    ? "certain"
    : "likely";
}

function keyIdSentence({ evidence, exec, token }: Facts): string[] {
  const key = pluginVariable(pluginEnvironment({ evidence, exec }), "AWS_ACCESS_KEY_ID")?.value;
  return key !== undefined && key === token?.accessKeyId
    ? [`The token is signed with this very key, ${key}.`]
    : [];
}

function fixes(facts: Facts, profile: string): Fix[] {
  const { exec, evidence } = facts;
  const inEntry = KEY_VARIABLES.filter((name) => exec?.env[name] !== undefined);
  const outside = KEY_VARIABLES.filter((name) => knownValue(evidence.environment)?.[name] !== undefined);
  const args = setExecArgs(facts, withFlag(exec?.args ?? [], "--profile", profile));
  const isAwsCli = exec?.tool === "aws";
  return [
    ...(outside.length > 0
      ? [
          {
            audience: "you" as const,
            description: "Take the keys out of this shell.",
            actions: [unsetVariables(...outside)],
          },
        ]
      : []),
    ...(inEntry.length > 0
      ? [
          {
            audience: "you" as const,
            description: "Take the keys out of the kubeconfig entry.",
            actions: [setExecEnv(facts, Object.fromEntries(inEntry.map((name) => [name, undefined])))],
          },
        ]
      : []),
    ...(isAwsCli
      ? [
          {
            audience: "you" as const,
            description: "Or let the entry name the profile with --profile, which keys do not beat.",
            actions: [args],
          },
        ]
      : []),
  ];
}
