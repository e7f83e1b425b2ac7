import { aws, unsetVariables } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Description, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import {
  isMissingProfile,
  type MergedProfile,
  profileIdentity,
} from "../../derive/identity/aws-profile-chain.ts";
import { pluginVariable } from "../../derive/kubeconfig/plugin-environment.ts";
import { isMapped } from "../../eks/mapping/mapping.ts";
import type { Principal } from "../../eks/principal/principal.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { KEY_VARIABLES } from "../../fixes/credential-renewal.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { setExecArgs, setExecEnv, withFlag } from "../../fixes/kubeconfig-commands.ts";
import { describeCaller, WHO_AM_I } from "../shared/caller-words.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";
import { suspectedUnknown } from "../shared/suspected.ts";

/** The outcomes of calls that got as far as using their credentials. */
const AFTER_CREDENTIALS: readonly (string | undefined)[] = [
  undefined,
  "none",
  "unauthorized",
  "forbidden",
  "other",
];

export const awsKeysOverrideProfile = defineRule({
  cause: {
    id: "L4",
    what: "Access keys in the environment override the intended profile.",
    seen: "401 or 403 as an unexpected identity",
    remedy: "Unset the access keys of this shell, or set --profile in the entry, which overrides them.",
    page: "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html",
  },
  expects: "no AWS keys in the environment override the configured profile",
  needs: ["exec", "credentials"],
  check({ credentials: { kind, profile, chain } }, seen) {
    if (kind !== "environment" || profile === undefined || profile.chosenBy === "default") return passed;
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    if (!AFTER_CREDENTIALS.includes(seen.symptom?.kind))
      return doesNotApply("the call failed before it used credentials");
    const isAnother = isAnotherThan(chain, seen.principal);
    if (isAnother === false) return passed;
    return found({
      severity: seen.symptom?.kind === "none" ? "warning" : "error",
      confidence: confidenceOf(seen, isAnother),
      explains: ["L5", "L6", "L7", "L15", "E1", "E5", "A1", "M2"],
      describe: (facts) => describe(facts, profile.name, isAnother === true),
    });
  },
  suspected: {
    forbidden: {
      causes: ["L4", "L7", "L8", "L15", "L16", "K9"],
      suspicion: ({ symptom, evidence, principal }) => {
        const isBare = evidence.kubeconfig === undefined && evidence.callerIdentity === undefined;
        if (symptom?.kind !== "forbidden" || principal === undefined || !isBare) return undefined;
        return {
          hinted: false,
          summary: `The client may be using the wrong identity: it acts as ${principal.kind} ${principal.name}.`,
          hints: [`The cluster identifies the caller as ${symptom.user}.`],
          audience: "you",
          confirmedBy: sentence`${aws("configure list")} shows an unexpected credential source.`,
        };
      },
    },
    unauthorized: suspectedUnknown(["L4", "L7", "L8", "L15", "L16", "K9"], () => ({
      summary:
        "The client uses the wrong AWS credentials: environment keys, AWS_PROFILE, or a profile in the kubeconfig.",
      confirmedBy: sentence`${WHO_AM_I} returns an ARN other than the one that has access; ${aws("configure list")} shows the credential source.`,
    })),
  },
});

/** Whether the caller differs from the profile's identity; undefined if that is not known. */
function isAnotherThan(
  [first]: readonly MergedProfile[],
  principal: Principal | undefined,
): boolean | undefined {
  const meant = first === undefined ? undefined : profileIdentity(first);
  if (meant === undefined || principal === undefined) return undefined;
  const isRole = meant.role.endsWith("_")
    ? principal.name.startsWith(meant.role)
    : principal.name === meant.role;
  return !(principal.account === meant.account && isRole);
}

/** If the identity in force is mapped, something else is wrong. */
function confidenceOf(seen: Facts, isAnother: boolean | undefined): Confidence {
  const kind = seen.symptom?.kind;
  if (kind === undefined || kind === "none") return "likely";
  if (kind === "unauthorized" && isMapped(seen.mapping)) return "possible";
  const isProven = isAnother === true && (kind === "forbidden" || seen.mapping?.by === "nobody");
  return isProven ? "certain" : "likely";
}

function describe(facts: Facts, profile: string, isAnother: boolean): Description {
  const { credentials, principal, pluginEnvironment, token } = facts;
  const key = pluginVariable(pluginEnvironment, "AWS_ACCESS_KEY_ID")?.value;
  const seenAs = isAnother ? `: the cluster sees ${principal?.canonicalArn}` : "";
  return {
    summary: `AWS keys in the environment are used instead of profile ${profile}${seenAs}.`,
    evidence: [
      `${credentials?.why}; a profile set by a variable does not override keys.`,
      key && key === token?.accessKeyId && `The token is signed with this key, ${key}.`,
      principal && describeCaller(facts, principal.arn),
      isAnother && `Profile ${profile} resolves to a different role.`,
    ],
    falsifiedBy: sentence`${aws("sts get-caller-identity", { profile })} returns the same identity as without --profile.`,
    fixes: fixes(facts, profile),
  };
}

function fixes(facts: Facts, profile: string): Fix[] {
  const { exec, evidence, pluginEnvironment } = facts;
  const key = pluginVariable(pluginEnvironment, "AWS_ACCESS_KEY_ID");
  const inEntry = KEY_VARIABLES.filter((name) => exec?.env[name] !== undefined);
  const outside = KEY_VARIABLES.filter((name) => knownValue(evidence.environment)?.[name] !== undefined);
  const removal = setExecEnv(facts, Object.fromEntries(inEntry.map((name) => [name, undefined])));
  const flag = setExecArgs(facts, withFlag(exec?.args ?? [], "--profile", profile));
  return [
    ...(outside.length > 0 ? [forYou("Remove the keys from this shell.", unsetVariables(...outside))] : []),
    ...(key?.origin === "file"
      ? [forYou(`Remove the keys from ${key.place}, or do not load that file.`)]
      : []),
    ...(inEntry.length > 0 ? [forYou("Remove the keys from the exec block's env.", removal)] : []),
    ...(exec?.tool === "aws" && !isMissingProfile(evidence, profile)
      ? [forYou("Or set the profile with --profile in the exec block, which overrides keys.", flag)]
      : []),
  ];
}
