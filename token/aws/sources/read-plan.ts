import os from "node:os";
import type { Clock } from "../../clock.ts";
import { type Env, envValue } from "../../env.ts";
import { readWitnessed, type WitnessedFile } from "../../files/witnessed-file.ts";
import type { SourceTokenQuestion } from "../../hot/question.ts";
import { awsConfigPath, awsCredentialsPath } from "../aws-profiles.ts";
import { joinedWitnesses, type Witnesses, witnessOf } from "./opened-source.ts";
import type { SourcePlan } from "./plan-kinds.ts";
import { planSteps } from "./plan-steps.ts";
import { SESSION_NAME } from "./profile-plan.ts";
import { readSharedFiles, type SharedFiles } from "./shared-files.ts";
import { planOf } from "./source-plan.ts";

/** Whose credentials are wanted: those of a profile, or of the environment, and the roles that they assume then. */
type PlanQuestion = Pick<SourceTokenQuestion, "profile" | "region" | "role" | "via">;

/** Where the answer is read from. */
interface PlanPlace {
  readonly env: Env;
  readonly homeDir: string;
  readonly clock: Clock;
}

/** A plan, and the two files that it was made from. */
export interface PlannedSource {
  readonly plan: SourcePlan;
  readonly files: SharedFiles;
  /** Undefined where a variable says what no key of the warm path has. */
  readonly witnesses: Witnesses;
}

/**
 * Reads AWS's two files, and plans. Throws as `planOf` does, `aws-config-invalid`, and `file-unreadable` for a file that is a
 * folder, may not be read or is not UTF-8.
 */
export function readPlan(question: PlanQuestion, { env, homeDir, clock }: PlanPlace): PlannedSource {
  const config = readShared(awsConfigPath(env, homeDir), clock);
  const credentials = readShared(awsCredentialsPath(env, homeDir), clock);
  const files = readSharedFiles(config, credentials);
  const { profile, region } = question;
  const plan = withRoles(planOf({ profile: profile ?? undefined, region }, files, env), question);
  const isElsewhere = ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"].some((name) =>
    isRelative(env, name),
  );
  const isOfVariables = profile !== null && planSteps(plan).some(({ origin }) => "variable" in origin);
  const witnesses =
    isElsewhere || isOfVariables
      ? undefined
      : joinedWitnesses(
          witnessOf(config.path, config.identity),
          witnessOf(credentials.path, credentials.identity),
        );
  return { plan, files, witnesses };
}

/** The roles of the command line, one assumed by the other. Each is assumed once, also where it is named twice in a row. */
function withRoles(plan: SourcePlan, { role, via, region }: PlanQuestion): SourcePlan {
  const chain = (role === null ? via : [...via, role]).filter((arn, index, all) => arn !== all[index - 1]);
  return chain.reduce<SourcePlan>(
    (source, roleArn, index) => ({
      kind: "assume-role",
      source,
      roleArn,
      sessionName: SESSION_NAME,
      externalId: undefined,
      durationSeconds: undefined,
      mfaSerial: undefined,
      region,
      origin: { option: index === chain.length - 1 && role !== null ? "--role" : "--via" },
    }),
    plan,
  );
}

/** The null device stands for no file: so people say that there is none. */
function readShared(path: string, clock: Clock): WitnessedFile & { readonly path: string } {
  if (path === os.devNull) return { path, text: undefined, identity: undefined };
  return { path, ...readWitnessed(path, clock()) };
}

function isRelative(env: Env, name: string): boolean {
  const value = envValue(env, name);
  return value !== undefined && !/^(?:~?[\\/]|[A-Za-z]:[\\/])/.test(value);
}
