import assert from "node:assert/strict";
import { RULES } from "../../../../doctor/causes/index.ts";
import { diagnose } from "../../../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import { missingProfile, missingSource } from "../../../../token/aws/sources/plan-errors.ts";
import { readSharedFiles } from "../../../../token/aws/sources/shared-files.ts";
import { awsConfig, pluginFailed, without } from "../../support/bundle.ts";

/** What a person may call a profile, a session and a folder. */
const NAME = "My Team (old), 2";
const FILE = "C:\\Users\\Ada (work)\\.aws\\config";
const EMPTY = `AWS profile ${NAME} (${FILE}, line 2`;
const PLACE = `${EMPTY})`;

const files = readSharedFiles(
  { path: FILE, text: `[profile "${NAME}"]\nrole_arn = r\nsource_profile = ${NAME}\n` },
  { path: "/c", text: "" },
);

/** Our own errors, by the row that each is. */
const WORDS: readonly (readonly [row: string, words: string])[] = [
  ["L1", `${PLACE}, which --profile names, gives no credentials: it has no access key id. [profile-empty]`],
  ["L1", `${PLACE}, which AWS_PROFILE names, gives no credentials: it has no access key id. [profile-empty]`],
  ["L2", `You are not logged in to IAM Identity Center (sso-session ${NAME}). [sso-logged-out]`],
  ["L2", `The session at IAM Identity Center (sso-session ${NAME}) is over: it ended. [sso-session-expired]`],
  ["L3", `${missingProfile(NAME, "--profile", files).message} [profile-missing]`],
  ["L5", `The keys ASIAEXAMPLEEXAMPLE12 (${PLACE}) ended at 12:00. [aws-keys-expired]`],
  [
    "L9",
    `Role r (${PLACE}) demands a code of the MFA device arn:aws:iam::111122223333:mfa/ada. [mfa-code-needed]`,
  ],
  ["L11", `${PLACE}: no login of arn:aws:iam::111122223333:user/ada: nobody logged in. [aws-login-needed]`],
  [
    "L13",
    `${PLACE}: credential_process would run /opt/My Tools (1)/x, and nobody approved it. [credential-process-unapproved]`,
  ],
  [
    "L13",
    `${PLACE}: credential_process is not run: /opt/My [x]/y can be written by others. [credential-process-refused]`,
  ],
  ["L13", `${PLACE}: credential_process ended with 1, and says: (no). [credential-process-failed]`],
  [
    "L17",
    `${PLACE}, which source_profile of profile ${NAME} names, gives no credentials: it has none. [profile-empty]`,
  ],
  ["L17", `${FILE} cannot be used: line 1: a section is not written as [name]. [aws-config-invalid]`],
  ["L17", `${sourceGone()} [profile-missing]`],
  [
    "L18",
    `IAM Identity Center (sso-session ${NAME}) does not give you the permission set Dev in account 111122223333: No access. [sso-role-denied]`,
  ],
  ["L19", `The token file /run/My Token (1) (${PLACE}) is not there. [web-identity-token-missing]`],
  [
    "L20",
    `Instance metadata, which ${PLACE} names, give no credentials: nobody answers. [instance-metadata-failed]`,
  ],
  ["L1", `${EMPTY}; from --profile) does not provide credentials: it does not set one. [profile-empty]`],
  ["L1", `${EMPTY}; from AWS_PROFILE) does not provide credentials: it does not set one. [profile-empty]`],
  ["L2", `The IAM Identity Center (sso-session ${NAME}) session has ended: it ended. [sso-session-expired]`],
  ["L5", `Access key ASIAEXAMPLEEXAMPLE12 (${PLACE}) expired at 12:00. [aws-keys-expired]`],
  [
    "L9",
    `Role r (${PLACE}) requires an MFA code from device arn:aws:iam::111122223333:mfa/ada. [mfa-code-needed]`,
  ],
  [
    "L13",
    `${PLACE}: credential_process would run /opt/My Tools (1)/x, but it has not been approved. [credential-process-unapproved]`,
  ],
  [
    "L13",
    `${PLACE}: credential_process is not run: /opt/My [x]/y is writable by others. [credential-process-refused]`,
  ],
  ["L13", `${PLACE}: credential_process exited with status 1; it printed: (no). [credential-process-failed]`],
  [
    "L17",
    `${EMPTY}; from source_profile in profile ${NAME}) does not provide credentials: it does not set one. [profile-empty]`,
  ],
  ["L17", `Cannot use ${FILE}: line 1: a section header is not written as [name]. [aws-config-invalid]`],
  [
    "L18",
    `IAM Identity Center (sso-session ${NAME}) does not grant you the permission set Dev in account 111122223333: No access. [sso-role-denied]`,
  ],
  ["L19", `The token file /run/My Token (1) (${PLACE}) does not exist. [web-identity-token-missing]`],
  [
    "L20",
    `The instance metadata (from ${PLACE}) did not return credentials: no one answers. [instance-metadata-failed]`,
  ],
];

function sourceGone(): string {
  const profile = files.profiles.get(NAME) ?? assert.fail("a profile");
  return missingSource(profile, profile.settings.get("source_profile") ?? assert.fail("a source")).message;
}

/** As a terminal of 60 columns, or a frame of another program, hands it on. */
function wrapped(words: string): string {
  return words.replaceAll(/(.{1,58})(?: |$)/g, "| $1\n");
}

describe("our own errors, whatever people call their profiles and folders", () => {
  const changes = { ...awsConfig(""), sourceFiles: [] };
  for (const [row, words] of WORDS)
    it(`are ${row}: ${words.slice(-40)}`, () => {
      const causes = (said: string) => {
        const bundle = pluginFailed(said, { profile: true, changes });
        return [bundle, without(bundle, "pluginRun", "callerIdentity", "awsConfig", "awsCredentials")].map(
          (each) => diagnose(RULES, deriveFacts(each)).rootCauses[0]?.cause,
        );
      };
      assert.deepEqual(causes(`error: ${words}`), [row, row]);
      assert.deepEqual(causes(wrapped(`error: ${words}`)), [row, row]);
    });
});
