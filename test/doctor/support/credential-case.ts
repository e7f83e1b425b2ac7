import assert from "node:assert/strict";
import type { RuleDefinition } from "../../../doctor/check/rule.ts";
import { type Finding, type Outcome, runRule } from "../../../doctor/check/run-rule.ts";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { type RenderedFix, renderFix } from "../../../doctor/fixes/render-fix.ts";
import { RULES } from "../../../doctor/rules/index.ts";
import { AWS_EXEC, healthyBundle, healthyVouchBundle, kubeconfigText } from "./bundle.ts";

/** What becomes of a rule in a bundle, under the name that it is registered with. */
function outcomeOf({ check }: RuleDefinition, bundle: DoctorEvidence): Outcome {
  const rule = RULES.find((candidate) => candidate.check === check);
  assert.ok(rule, "the rule is not in doctor/rules/all.ts");
  return runRule(rule, deriveFacts(bundle));
}

/** What a rule finds in a bundle. */
export function findingsOf(rule: RuleDefinition, bundle: DoctorEvidence): readonly Finding[] {
  const outcome = outcomeOf(rule, bundle);
  return outcome.status === "found" ? outcome.findings : [];
}

/** The parts of the evidence for want of which a rule cannot decide. */
export function missingFor(rule: RuleDefinition, bundle: DoctorEvidence): readonly string[] {
  const outcome = outcomeOf(rule, bundle);
  return outcome.status === "unknown" ? outcome.missing : [];
}

/** The parts of findings that others rely on: what, how grave, how sure, and the commands. */
export function verdicts(rule: RuleDefinition, bundle: DoctorEvidence) {
  return findingsOf(rule, bundle).map(({ cause, stage, severity, confidence, fixes }) => ({
    cause,
    stage,
    severity,
    confidence,
    commands: fixes.flatMap((fix) => renderFix(fix, "bash").commands),
  }));
}

/** The fixes of the first finding, as they are printed. */
export function fixesOf(rule: RuleDefinition, bundle: DoctorEvidence): readonly RenderedFix[] {
  return findingsOf(rule, bundle)[0]?.fixes.map((fix) => renderFix(fix, "bash")) ?? [];
}

/** How sure each finding is: `L5 certain`. */
export function confidences(rule: RuleDefinition, bundle: DoctorEvidence): readonly string[] {
  return findingsOf(rule, bundle).map(({ cause, confidence }) => `${cause} ${confidence}`);
}

/** A healthy bundle after the plugin has failed with these words: nothing behind it could be asked. */
export function pluginFailed(
  stderr: string,
  {
    changes = {},
    vouch = false,
  }: { readonly changes?: Partial<DoctorEvidence>; readonly vouch?: boolean } = {},
): DoctorEvidence {
  const program = vouch ? "kubectl-vouch" : "aws";
  const failed = "the exec plugin gave no token";
  return (vouch ? healthyVouchBundle : healthyBundle)({
    question: {
      command: "kubectl get pods -n web",
      exitCode: 1,
      stderr: `${stderr}\nUnable to connect to the server: getting credentials: exec: executable ${program} failed with exit code 255\n`,
    },
    pluginRun: { exitCode: 255, stderr: `\n${stderr}\n`, seconds: 0.4 },
    token: { failed },
    tokenNames: { failed },
    callerIdentity: { failed: stderr },
    apiServer: { failed },
    selfSubjectReview: { failed },
    accessReviews: { failed },
    ...changes,
  });
}

/** A healthy bundle whose token the API server refuses. */
export function unauthorized(changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return healthyBundle({
    question: {
      command: "kubectl get pods -n web",
      exitCode: 1,
      stderr: "error: You must be logged in to the server (Unauthorized)\n",
    },
    apiServer: { status: 401, message: "Unauthorized", isKubernetes: true },
    selfSubjectReview: { failed: "Unauthorized" },
    accessReviews: { failed: "Unauthorized" },
    ...changes,
  });
}

/** The same, where AWS refuses the keys as soon as it is asked who they are. */
export function keysRefused(failed: string, changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return unauthorized({ callerIdentity: { failed }, tokenNames: { failed }, ...changes });
}

/** The kubeconfig of the healthy bundle, whose exec block is this YAML. */
export function execBlock(yaml: string): Pick<DoctorEvidence, "kubeconfig"> {
  return { kubeconfig: { files: [{ path: "/home/ada/.kube/config", text: kubeconfigText(yaml) }] } };
}

/** The AWS CLI's exec block with further arguments and with these variables. */
export function awsExec(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Pick<DoctorEvidence, "kubeconfig"> {
  const [head = ""] = AWS_EXEC.replace("json]", `json${args.map((word) => `, "${word}"`).join("")}]`).split(
    "env:",
  );
  const variables = Object.entries(env).map(([name, value]) => `- name: ${name}\n  value: "${value}"`);
  return execBlock(variables.length === 0 ? head : `${head}env:\n${variables.join("\n")}\n`);
}

/** AWS's config file, with this text. */
export function awsConfig(text: string): Pick<DoctorEvidence, "awsConfig"> {
  return { awsConfig: { path: "/home/ada/.aws/config", text } };
}
