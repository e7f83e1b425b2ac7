import os from "node:os";
import path from "node:path";
import { type Env, envValue } from "../../env.ts";
import type { WitnessedFile } from "../../files/plain-file.ts";
import { awsConfigPath, awsCredentialsPath } from "../aws-paths.ts";
import { FILE_VARIABLES } from "../file-variables.ts";
import type { WitnessedPlan } from "./open-source.ts";
import { joinedWitnesses, type Witnesses } from "./opened-source.ts";
import { type CredentialsPlan, planSteps } from "./plan-kinds.ts";
import { readSharedFiles, type SharedFile, type SharedFiles } from "./shared-files.ts";
import { type PlanQuestion, planOf } from "./source-plan.ts";

/** The machine whose AWS files and variables apply. */
export interface AwsMachine {
  readonly env: Env;
  readonly homeDir: string;
  /** Reads a file, as `readWitnessed` does; one command reads each only once. */
  readonly read: (file: string) => WitnessedFile;
}

/** AWS's two files, and the witnesses that tell whether they have changed. */
interface WitnessedFiles {
  readonly files: SharedFiles;
  readonly witnesses: Witnesses;
}

/** The null device in place of a file means that there is none: it is no regular file, whose identity would tell of a change. */
const NULL_DEVICE: WitnessedFile = { text: undefined, identity: undefined };

/** Reads AWS's two files. Throws `file-unreadable` or `aws-config-invalid`. */
export function readAwsFiles({ env, homeDir, read }: AwsMachine): WitnessedFiles {
  const witnessed = (file: string): { readonly shared: SharedFile; readonly witnesses: Witnesses } => {
    const { text, identity } = file === os.devNull ? NULL_DEVICE : read(file);
    return {
      shared: { path: file, text },
      witnesses: identity === undefined ? undefined : [[file, identity]],
    };
  };
  const config = witnessed(awsConfigPath(env, homeDir));
  const credentials = witnessed(awsCredentialsPath(env, homeDir));
  return {
    files: readSharedFiles(config.shared, credentials.shared),
    witnesses: joinedWitnesses(config.witnesses, credentials.witnesses),
  };
}

/**
 * Where the requested credentials come from. Without witnesses if the answer depends on more than the two files and the question:
 * on the working directory, or on variables that a profile names.
 */
export function witnessedPlan(
  question: PlanQuestion,
  { files, witnesses }: WitnessedFiles,
  env: Env,
): WitnessedPlan {
  const plan = planOf(question, files, env);
  const isWarm =
    areFilesNamedWhole(env) && (question.profile === undefined || !planSteps(plan).some(isOfVariable));
  return { plan, witnesses: isWarm ? witnesses : undefined };
}

function areFilesNamedWhole(env: Env): boolean {
  return FILE_VARIABLES.every((name) => {
    const file = envValue(env, name);
    return file === undefined || path.isAbsolute(file) || file.startsWith("~");
  });
}

function isOfVariable({ origin }: CredentialsPlan): boolean {
  return "variable" in origin;
}
