/** What a person does at Identity Center in the story of leaks: logs in by a code, refreshes, asks for a role, logs out. */
import fs from "node:fs";
import path from "node:path";
import { ssoTokenFile } from "../../token/aws/sources/cache-names.ts";
import { addAssignment, answerDevice } from "../lab/aws/identity-center.ts";
import type { Lab } from "../lab/lab.ts";
import type { Secret } from "../support/secret-search.ts";
import type { Step } from "./story-step.ts";

/** For the AWS config. */
export const CENTER_PROFILE = `[sso-session lab]
sso_start_url = https://lab.awsapps.com/start
sso_region = us-east-1
[profile center]
sso_session = lab
sso_account_id = 111122223333
sso_role_name = Dev
`;

const LOGIN = ["login", "--profile", "center"];
const PAST = "2026-01-15T12:00:00Z";

export const CENTER_STEPS: readonly Step[] = [
  { name: "a login at Identity Center", words: [...LOGIN, "--device-code"], harm: approveDevices },
  { name: "the same again", words: [...LOGIN, "-o", "json"] },
  { name: "a refresh", words: [...LOGIN, "--if-needed", "1h"], harm: endToken },
  {
    name: "a refresh when AWS is down",
    words: [...LOGIN, "--if-needed", "1h"],
    harm: endToken,
    fault: down,
    status: 4,
  },
  { name: "status with Identity Center", words: ["status", "-o", "json"] },
  { name: "a logout that AWS does not hear", words: ["logout", "--profile", "center"], fault: down },
];

function down({ aws }: Lab): void {
  aws.faults.down = true;
}

/** Somebody allows whatever code is shown. */
function approveDevices({ world }: Lab): () => void {
  addAssignment(world, { userName: "ada", permissionSet: "Dev" });
  const timer = setInterval(() => {
    for (const { status, lastPoll, userCode } of world.identityCenter.devices.values())
      if (status === "pending" && lastPoll !== undefined)
        answerDevice(world.identityCenter, userCode, { userName: "ada" });
  }, 20);
  return () => clearInterval(timer);
}

/** As if the token in the file had ended; the session goes on. */
function endToken({ home }: Lab): () => void {
  const file = path.join(home, ".aws", "sso", "cache", ssoTokenFile("lab"));
  const token = JSON.parse(fs.readFileSync(file, "utf8"));
  fs.writeFileSync(file, JSON.stringify({ ...token, expiresAt: PAST }));
  return () => undefined;
}

/** What Identity Center has given out. */
export function centerSecrets({ world }: Lab): Secret[] {
  const { clients, devices, sessions } = world.identityCenter;
  return [
    ...[...clients.values()].map(({ secret }) => ({ name: "Identity Center client secret", value: secret })),
    ...[...devices.keys()].map((code) => ({ name: "Identity Center device code", value: code })),
    ...sessions.flatMap(({ accessTokens, refreshToken = "" }) => [
      ...accessTokens.map(({ token }, index) => ({ name: `Identity Center token ${index}`, value: token })),
      { name: "Identity Center refresh token", value: refreshToken },
    ]),
  ];
}

/** The files that AWS's tools and we keep there. */
export function isCenterFile(file: string): boolean {
  return file.startsWith("home/.aws/sso/cache/");
}
