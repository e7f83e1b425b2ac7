import {
  type FileReader,
  readSharedFiles,
  type SharedFile,
  type SharedFiles,
  type SharedProfile,
} from "../../../token/aws/sources/shared-files.ts";
import { readVouchProcess, type VouchProcess } from "../../../token/aws/vouch-process.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { principalOfArn } from "../../eks/principal/principal.ts";
import { type DoctorEvidence, isExcerpt, knownValue, type TextFile } from "../../evidence/evidence.ts";
import { isOlderThan } from "../client/client-kind.ts";
import type { ExecBlock } from "../kubeconfig/exec-block.ts";

/** The parts with the two files. */
type FilesEvidence = {
  readonly [P in "awsConfig" | "awsCredentials" | "excerpts"]?: DoctorEvidence[P] | undefined;
};

/** The profiles of both AWS files, as far as the files can be read. */
export interface AwsProfiles {
  /** False: a file is unknown, an excerpt or broken, so a profile that is not here may still exist. */
  readonly isComplete: boolean;
  readonly byName: ReadonlyMap<string, MergedProfile>;
  readonly files: SharedFiles;
  /** Why a known file cannot be read; of two, the config file's reason. */
  readonly problem: VouchError | undefined;
}

/** One profile, merged from `~/.aws/config` and `~/.aws/credentials`. */
export interface MergedProfile {
  readonly name: string;
  /** From both files; the credentials file wins. */
  readonly settings: Readonly<Record<string, string>>;
  /** Set when its credentials come from Vouch. */
  readonly vouch: VouchProcess | undefined;
}

/** Reads both files as a program does, or else without notes; an unknown or broken file counts as empty. */
export function awsProfiles(evidence: FilesEvidence, reader: FileReader = "sdk"): AwsProfiles {
  const config = usable(evidence, "awsConfig", (file) => readSharedFiles(file, NO_FILE, reader));
  const credentials = usable(evidence, "awsCredentials", (file) => readSharedFiles(NO_FILE, file, reader));
  const files = readSharedFiles(config.file ?? NO_FILE, credentials.file ?? NO_FILE, reader);
  return {
    isComplete: config.isWhole && credentials.isWhole,
    byName: new Map([...files.profiles].map(([name, profile]) => [name, mergedProfile(profile)])),
    files,
    problem: config.problem ?? credentials.problem,
  };
}

const NO_FILE: SharedFile = { path: "", text: undefined };

interface UsableFile {
  readonly file?: TextFile;
  readonly isWhole: boolean;
  readonly problem?: VouchError;
}

/** The file, if it is known and the program does not refuse its text. */
function usable(
  evidence: FilesEvidence,
  part: "awsConfig" | "awsCredentials",
  read: (file: TextFile) => unknown,
): UsableFile {
  const known = knownValue(evidence[part]);
  if (known === undefined) return { isWhole: false };
  const text = known.text.replaceAll(MARK_OF_MORE, "");
  const file = { ...known, text };
  const isWhole = text === known.text && !isExcerpt(evidence, part);
  try {
    read(file);
    return { file, isWhole };
  } catch (problem) {
    if (!(problem instanceof VouchError)) throw problem;
    return { isWhole: false, ...(isWhole ? { problem } : {}) };
  }
}

/** Lines by which a user marks that lines are left out. */
const MARK_OF_MORE = /^[ \t]*(?:\*{3,20}|\.{3}|…|\[(?:\.{3}|…)\])[ \t\r]*$/gm;

function mergedProfile({ name, settings: both }: SharedProfile): MergedProfile {
  const settings = Object.fromEntries([...both].map(([key, { value }]) => [key, value]));
  const process = settings["credential_process"];
  return { name, settings, vouch: process === undefined ? undefined : readVouchProcess(process) };
}

/** True: both files are known, and neither has the profile. */
export function isMissingProfile(evidence: FilesEvidence, name: string): boolean {
  const { isComplete, byName } = awsProfiles(evidence);
  return isComplete && name !== "default" && !byName.has(name);
}

/** From the named profile along `source_profile` to the one with credentials of its own. Stops at a loop. */
export function profileChain({ byName }: AwsProfiles, name: string): readonly MergedProfile[] {
  const chain: MergedProfile[] = [];
  let next = byName.get(name);
  while (next !== undefined && !chain.includes(next)) {
    chain.push(next);
    const source = next.settings["role_arn"] === undefined ? undefined : next.settings["source_profile"];
    next = source === undefined ? undefined : byName.get(source);
  }
  return chain;
}

/** The account and role that a profile leads to, if its settings say so. */
export function profileIdentity({
  settings,
  vouch,
}: MergedProfile): { readonly account: string; readonly role: string } | undefined {
  const role = principalOfArn(vouch?.role ?? settings["role_arn"] ?? "");
  if (role?.kind === "role") return { account: role.account, role: role.name };
  const { sso_account_id: account, sso_role_name: permissionSet } = settings;
  return account === undefined || permissionSet === undefined
    ? undefined
    : { account, role: `AWSReservedSSO_${permissionSet}_` };
}

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
