import path from "node:path";
import type { Clock } from "../../clock.ts";
import { type Env, envValue } from "../../env.ts";
import { readWitnessed } from "../../files/witnessed-file.ts";
import { awsConfigPath, awsCredentialsPath } from "../aws-profiles.ts";
import type { PlannedSource } from "./open-source.ts";
import { joinedWitnesses, type Witnesses } from "./opened-source.ts";
import type { SourcePlan } from "./plan-kinds.ts";
import { readSharedFiles, type SharedFile, type SharedFiles } from "./shared-files.ts";
import { planOf, type SourceQuestion } from "./source-plan.ts";

/** What AWS's two files are found by. */
export interface PlanMachine {
  readonly env: Env;
  readonly homeDir: string;
  readonly clock: Clock;
}

/** AWS's two files, and what tells whether they have changed. */
export interface WitnessedFiles {
  readonly files: SharedFiles;
  readonly witnesses: Witnesses;
}

/** Reads AWS's two files. Throws `file-unreadable` or `aws-config-invalid`. */
export function readAwsFiles({ env, homeDir, clock }: PlanMachine): WitnessedFiles {
  const read = (file: string): { readonly shared: SharedFile; readonly witnesses: Witnesses } => {
    const { text, identity } = readWitnessed(file, clock());
    return {
      shared: { path: file, text },
      witnesses: identity === undefined ? undefined : [[file, identity]],
    };
  };
  const config = read(awsConfigPath(env, homeDir));
  const credentials = read(awsCredentialsPath(env, homeDir));
  return {
    files: readSharedFiles(config.shared, credentials.shared),
    witnesses: joinedWitnesses(config.witnesses, credentials.witnesses),
  };
}

/**
 * Where the credentials come from that are asked for. Without witnesses where more decides than the two files and the
 * question: the working directory, or variables that a profile names.
 */
export function plannedSource(
  question: SourceQuestion,
  { files, witnesses }: WitnessedFiles,
  env: Env,
): PlannedSource {
  const plan = planOf(question, files, env);
  const isWarm = areFilesNamedWhole(env) && (question.profile === undefined || !hasVariables(plan));
  return { plan, witnesses: isWarm ? witnesses : undefined };
}

function areFilesNamedWhole(env: Env): boolean {
  return ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"].every((name) => {
    const file = envValue(env, name);
    return file === undefined || path.isAbsolute(file) || file.startsWith("~");
  });
}

/** Whether variables give the credentials at the end of the chain. */
function hasVariables(plan: SourcePlan): boolean {
  return plan.kind === "assume-role" ? hasVariables(plan.source) : "variable" in plan.origin;
}
