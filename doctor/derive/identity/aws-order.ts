import type { FileReader } from "../../../token/aws/sources/shared-files.ts";
import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import type { ExecBlock } from "../kubeconfig/exec-block.ts";
import { isOlderThan } from "../version-number.ts";

/** How a program chooses among variables and files. Source: doctor/AWS-CREDENTIALS.md, "Whose profile, whose keys". */
export interface AwsOrder {
  readonly reader: FileReader;
  /** What may name a profile, the first that is set. */
  readonly profileVariables: readonly string[];
  /** What may say the region, the first that is set; then the profile does. */
  readonly regionVariables: readonly string[];
  /** A variable that is set to nothing names a profile without a name, which there is not. */
  readonly takesEmpty: boolean;
  /** A profile that gives nothing is passed over for the container's and the machine's credentials. */
  readonly goesOn: boolean;
  /** False: `login_session` is a setting that it does not know. */
  readonly knowsLogin: boolean;
  /** Keys before all else of a profile, and the environment's web identity before each profile: the SDK for Go. */
  readonly isGo: boolean;
}

/** Ours is that of AWS CLI 2, but ends at a profile that gives nothing. */
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

/** Before 2.32.0. */
const CLI_2_OF_OLD: AwsOrder = { ...CLI_2, knowsLogin: false };

const CLI_1: AwsOrder = {
  ...CLI_2,
  profileVariables: CLI_2.profileVariables.toReversed(),
  regionVariables: ["AWS_DEFAULT_REGION"],
};

const GO: AwsOrder = { ...OURS, goesOn: true, isGo: true };

/** The orders that a program may have: one where its name or its version tells. */
export function ordersOf({ tool }: Pick<ExecBlock, "tool">): readonly [AwsOrder, ...AwsOrder[]] {
  if (tool === "aws") return [CLI_2, CLI_1, CLI_2_OF_OLD];
  return [tool === "aws-iam-authenticator" ? GO : OURS];
}

/** The order of the AWS CLI that was found; undefined where its version is not known. */
export function orderOfCli({ execCommand }: Pick<DoctorEvidence, "execCommand">): AwsOrder | undefined {
  const { version = "" } = knownValue(execCommand) ?? {};
  const [, number] = /^aws-cli\/(\d+\.\d+)/.exec(version) ?? [];
  if (number === undefined) return undefined;
  if (isOlderThan(number, [2, 0])) return CLI_1;
  return isOlderThan(number, [2, 32]) ? CLI_2_OF_OLD : CLI_2;
}
