import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import { isGraphical } from "../../derive/client/client-kind.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/pasted-error.ts";
import { canCause401, failsBeforeRequest } from "../../derive/failure/startup.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { useProgram } from "../../fixes/exec-fixes.ts";
import { setExecEnv } from "../../fixes/kubeconfig-commands.ts";

const NOT_FOUND = /executable \S+ not found|ENOENT|no such file or directory|command not found/;
const NO_CREDENTIALS =
  /Unable to locate credentials|NoCredentialProviders|failed to refresh cached credentials|no EC2 IMDS role/;

/** A program that the desktop starts has neither the shell's PATH nor its AWS variables. */
export const clientGuiEnvironment = defineLegacyRule({
  code: "client-gui-environment",
  stage: "plugin",
  causes: ["T3"],
  expects:
    "a program started by the desktop finds the plugin and the AWS profile without the shell's variables",
  needs: ["client", "exec"],
  judge(facts) {
    if (!isGraphical(facts.client) || facts.client.path?.startsWith("/snap/") === true) return [];
    return pathFinding(facts) ?? profileFinding(facts) ?? [];
  },
});

const FAULT = { cause: "T3", stage: "plugin", severity: "error" } as const;

function pathFinding(facts: Facts): LegacyFinding[] | undefined {
  const { client, exec, execCommand, pastedError: said, symptom } = facts;
  const isBare = exec !== undefined && !/[\\/]/.test(exec.command);
  const isFoundHere = typeof execCommand?.resolved === "string";
  if (!isBare || !isFoundHere || !failsBeforeRequest(facts)) return undefined;
  const words = matchInError(said, NOT_FOUND);
  const isHidden = execCommand.resolvedForGui === null;
  if (words === undefined && (!isHidden || symptom?.kind === "plugin-failed")) return undefined;
  const confidence: Confidence = words !== undefined && isHidden ? "certain" : "likely";
  return [
    {
      ...FAULT,
      confidence,
      summary: `${client?.name} was started by the desktop, and does not have the shell's PATH, on which ${exec.command} is.`,
      evidence: [
        ...(words === undefined ? [] : [`The call said: “${words.line}”`]),
        `With the shell's PATH ${exec.command} is ${execCommand.resolved}.`,
        ...(isHidden ? ["With the PATH of a program that the desktop starts it is not found."] : []),
      ],
      falsifiedBy: `${client?.name}, started from a terminal, fails in the same way.`,
      fixes: [useProgram(facts, String(execCommand.resolved), "Name the plugin with its whole path.")],
      explains: ["K1"],
    },
  ];
}

function profileFinding(facts: Facts): LegacyFinding[] | undefined {
  const { client, exec, evidence, pastedError: said, symptom } = facts;
  const env = knownValue(evidence.environment) ?? {};
  const profile = env["AWS_PROFILE"];
  const names = exec?.profile ?? exec?.env["AWS_PROFILE"];
  const isAws = exec?.tool === "aws" || exec?.tool === "aws-iam-authenticator";
  const words = matchInError(said, NO_CREDENTIALS);
  const fits =
    symptom?.kind === "unauthorized" ? canCause401(facts) : words !== undefined && failsBeforeRequest(facts);
  if (!isAws || profile === undefined || names !== undefined || !fits) return undefined;
  return [
    {
      ...FAULT,
      stage: "credentials",
      confidence: words === undefined ? "possible" : "likely",
      summary: `${client?.name} was started by the desktop, and does not have the shell's AWS_PROFILE=${profile}, which the exec block relies on.`,
      evidence: [
        ...(words === undefined ? [] : [`The call said: “${words.line}”`]),
        `AWS_PROFILE is ${profile} in the shell; neither the arguments nor the variables of the exec block name a profile.`,
      ],
      falsifiedBy: `${client?.name}, started from a terminal, fails in the same way.`,
      fixes: [
        {
          audience: "you",
          description: "Write the profile into the exec block.",
          actions: [setExecEnv(facts, { AWS_PROFILE: profile })],
        },
      ],
      ...(words === undefined ? { inferred: true } : { explains: ["L1"] }),
    },
  ];
}
