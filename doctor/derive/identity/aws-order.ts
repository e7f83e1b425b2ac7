import type { FileReader } from "../../../token/aws/sources/shared-files.ts";
import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import type { ExecBlock } from "../kubeconfig/exec-block.ts";
import { isOlderThan } from "../version-number.ts";

/** How a program chooses among variables and files. Source: doctor/AWS-CREDENTIALS.md, "Whose profile, whose keys". */
export interface AwsOrder {
  readonly reader: FileReader;
  /** Variables that may name a profile; the first that is set counts. */
  readonly profileVariables: readonly string[];
  /** Variables that may give the region; the first that is set counts, and comes before the profile. */
  readonly regionVariables: readonly string[];
  /** An empty variable names a profile with an empty name, which does not exist. */
  readonly takesEmpty: boolean;
  /** If the profile gives nothing, the container's and the machine's credentials are tried. */
  readonly goesOn: boolean;
  /** False: it does not know the setting `login_session`. */
  readonly knowsLogin: boolean;
  /** The SDK for Go: a profile's keys come before its other settings, and the environment's web identity before any profile. */
  readonly isGo: boolean;
}

/** Ours is that of AWS CLI 2, but stops at a profile that gives nothing. */
const OURS: AwsOrder = {
  reader: "ours",
  profileVariables: ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"],
  regionVariables: ["AWS_REGION", "AWS_DEFAULT_REGION"],
  takesEmpty: false,
  goesOn: false,
  knowsLogin: true,
  isGo: false,
};

const CLI_2: AwsOrder = { ...OURS, reader: "aws-cli", takesEmpty: true, goesOn: true };

/** AWS CLI 2 before 2.32.0. */
const CLI_2_OF_OLD: AwsOrder = { ...CLI_2, knowsLogin: false };

const CLI_1: AwsOrder = {
  ...CLI_2,
  profileVariables: CLI_2.profileVariables.toReversed(),
  regionVariables: ["AWS_DEFAULT_REGION"],
};

const GO: AwsOrder = { ...OURS, reader: "sdk", goesOn: true, isGo: true };

/** The orders that a program may have: one if its name or version determines it. */
export function ordersOf({ tool }: Pick<ExecBlock, "tool">): readonly [AwsOrder, ...AwsOrder[]] {
  if (tool === "aws") return [CLI_2, CLI_1, CLI_2_OF_OLD];
  return [tool === "aws-iam-authenticator" ? GO : OURS];
}

/** The order of the AWS CLI that was found; undefined if its version is not known. */
export function orderOfCli({ execCommand }: Pick<DoctorEvidence, "execCommand">): AwsOrder | undefined {
  const { version = "" } = knownValue(execCommand) ?? {};
  const [, number] = /^aws-cli\/(\d+\.\d+)/.exec(version) ?? [];
  if (number === undefined) return undefined;
  if (isOlderThan(number, [2, 0])) return CLI_1;
  return isOlderThan(number, [2, 32]) ? CLI_2_OF_OLD : CLI_2;
}
