import type { Rule } from "../../../doctor/check/rule.ts";
import { type Finding, runRule } from "../../../doctor/check/run-rule.ts";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { type RenderedFix, renderFix } from "../../../doctor/fixes/render-fix.ts";
import { AWS_EXEC, healthyBundle, healthyVouchBundle, kubeconfigText } from "./bundle.ts";

/** What a rule finds in a bundle. */
export function findingsOf(rule: Rule, bundle: DoctorEvidence): readonly Finding[] {
  const outcome = runRule(rule, deriveFacts(bundle));
  return outcome.status === "found" ? outcome.findings : [];
}

/** The parts of the evidence for want of which a rule cannot decide. */
export function missingFor(rule: Rule, bundle: DoctorEvidence): readonly string[] {
  const outcome = runRule(rule, deriveFacts(bundle));
  return outcome.status === "unknown" ? outcome.missing : [];
}

/** The parts of findings that others rely on: what, how grave, how sure, and the commands. */
export function verdicts(rule: Rule, bundle: DoctorEvidence) {
  return findingsOf(rule, bundle).map(({ cause, stage, severity, confidence, fixes }) => ({
    cause,
    stage,
    severity,
    confidence,
    commands: fixes.flatMap((fix) => renderFix(fix, "bash").commands),
  }));
}

/** The fixes of the first finding, as they are printed. */
export function fixesOf(rule: Rule, bundle: DoctorEvidence): readonly RenderedFix[] {
  return findingsOf(rule, bundle)[0]?.fixes.map((fix) => renderFix(fix, "bash")) ?? [];
}

/** How sure each finding is: `L5 certain`. */
export function confidences(rule: Rule, bundle: DoctorEvidence): readonly string[] {
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
