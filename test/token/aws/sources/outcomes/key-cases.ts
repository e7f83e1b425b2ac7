import { MACHINE, NEVER_ANOTHER, type OutcomeCase } from "./outcome-case.ts";
import { idOf, secretOf } from "./scene.ts";

export const keysOf = (user: string) =>
  `aws_access_key_id = ${idOf(user)}\naws_secret_access_key = ${secretOf(user)}\n`;
export const ENV_E = { AWS_ACCESS_KEY_ID: idOf("E"), AWS_SECRET_ACCESS_KEY: secretOf("E") };
const OFF = { AWS_EC2_METADATA_DISABLED: "true" };

/** Rows 1 to 7: keys, and files without any. */
export const KEY_CASES: readonly OutcomeCase[] = [
  {
    row: "1a",
    name: "keys of the profile, others in the environment, --profile",
    credentials: `[p]\n${keysOf("C")}`,
    env: ENV_E,
    profile: "p",
    ours: "c",
    cli2: "c",
    sdk: "c",
  },
  {
    row: "1b",
    name: "the same with AWS_PROFILE",
    credentials: `[p]\n${keysOf("C")}`,
    env: { ...ENV_E, AWS_PROFILE: "p" },
    ours: "e",
    cli2: "e",
    sdk: "c",
  },
  {
    row: "2",
    name: "no such profile",
    credentials: `[p]\n${keysOf("C")}`,
    profile: "x",
    ours: [6, "profile-missing", /AWS profile x \(from --profile\) not found/],
    cli2: { exit: 255, says: /The config profile \(x\) could not be found/ },
    sdk: MACHINE,
  },
  {
    row: "3",
    name: "only a region",
    config: "[profile p]\nregion = us-east-1\n",
    profile: "p",
    ours: [6, "profile-empty", /AWS profile p .* does not provide credentials/],
    cli2: MACHINE,
    sdk: MACHINE,
    why: NEVER_ANOTHER,
  },
  {
    row: "4",
    name: "an id without its secret",
    credentials: `[p]\naws_access_key_id = ${idOf("C")}\n`,
    profile: "p",
    ours: [6, "profile-invalid", /it sets aws_access_key_id, but not aws_secret_access_key/],
    cli2: {
      exit: 255,
      says: /Partial credentials found in shared-credentials-file, missing: aws_secret_access_key/,
    },
    sdk: MACHINE,
  },
  {
    row: "5",
    name: "nothing at all",
    env: OFF,
    ours: [6, "aws-not-configured", /AWS credentials not found/],
    cli2: { exit: 253, says: /Unable to locate credentials/ },
    sdk: /Could not load credentials from any providers/,
  },
  {
    row: "6",
    isAlone: true,
    name: "a broken file",
    config: `[profile p\nregion = us-east-1\n`,
    credentials: `[p]\n${keysOf("C")}`,
    profile: "p",
    ours: [6, "aws-config-invalid", /Cannot use .*config: line 1/],
    cli2: { exit: 255, says: /Unable to parse config file: .*config/ },
    cli1: { exit: 1, says: /ConfigParseError: Unable to parse config file: .*config/ },
    sdk: "c",
  },
  {
    row: "7",
    name: "keys of a session that is over",
    profile: "p",
    given: (scene) => scene.endedKeys("p"),
    ours: "expired",
    cli2: { exit: 254, says: /\(ExpiredToken\) when calling the GetCallerIdentity operation/ },
    sdk: "expired",
    why: "to sign a token asks nobody: the API server refuses it",
  },
];
