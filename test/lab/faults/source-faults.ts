import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { ssoTokenFile } from "../../../token/aws/sources/cache-names.ts";
import { addAssignment } from "../aws/identity-center.ts";
import { addEntry, CLUSTER_READS } from "../aws/world.ts";
import { LAB_CLUSTER, LAB_REGION, type Lab } from "../lab.ts";
import { CHOOSE_GRACE } from "./credential-faults.ts";
import { CONTEXTS, type FaultPlace, type LabFault } from "./lab-fault.ts";
import { GRACE_KEY, viewerOfOld } from "./lab-people.ts";
import { addCredentials, setProfile, setProgram, writeAwsConfig } from "./lab-profiles.ts";

const CHAINED = (source: string) =>
  `[profile chained]\nrole_arn = arn:aws:iam::111122223333:role/Chained\nsource_profile = ${source}\nregion = ${LAB_REGION}\n`;

/** That of Debian 12 is version 2.9.19. */
const OLD_AWS = "/usr/bin/aws";

/** Links of a profile that break for the real AWS CLI. */
const OF_AWS_CLI: readonly LabFault[] = [
  {
    row: "L17",
    name: "the profile takes its credentials from one that is not there",
    breakIt: ({ lab, kubeconfig }) => {
      writeAwsConfig(lab, CHAINED("gone"));
      setProfile(kubeconfig, "chained");
    },
    says: /The source_profile "gone" referenced in the profile "chained" does not exist/,
    fix: { says: /vi \+3 \S+\.aws\/config/, byHand: ({ kubeconfig }) => setProfile(kubeconfig, "grace") },
  },
  {
    row: "L18",
    name: "Identity Center does not give the person the role of the profile",
    breakIt: ({ lab, kubeconfig }) => {
      assign(lab, "Developer");
      writeAwsConfig(lab, centerProfile(lab, "Administrator"));
      logInToCenter(lab);
      setProfile(kubeconfig, "center");
    },
    says: /\(ForbiddenException\) when calling the GetRoleCredentials operation: No access/,
    fix: {
      says: /aws configure sso --profile center/,
      byHand: ({ lab }) => writeAwsConfig(lab, centerProfile(lab, "Developer")),
    },
  },
  {
    row: "L19",
    name: "variables of a pod name a token that is not there",
    breakIt: ({ env, folder }) => {
      env["AWS_WEB_IDENTITY_TOKEN_FILE"] = path.join(folder, "token");
      env["AWS_ROLE_ARN"] = "arn:aws:iam::111122223333:role/Pod";
    },
    says: /No such file or directory: '\S+token'/,
    fix: {
      says: /unset AWS_WEB_IDENTITY_TOKEN_FILE/,
      byHand: ({ env }) => {
        delete env["AWS_WEB_IDENTITY_TOKEN_FILE"];
      },
    },
  },
  {
    row: "L20",
    name: "variables of a container name an agent that is not there",
    breakIt: ({ env, kubeconfig }) => {
      env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1:9/credentials";
      setProfile(kubeconfig, undefined);
    },
    says: /Error when retrieving credentials from container-role/,
    fix: CHOOSE_GRACE,
  },
  {
    row: "L21",
    name: "the AWS CLI is older than EKS Pod Identity",
    breakIt: ({ env, kubeconfig }) => {
      env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/credentials";
      setProfile(kubeconfig, undefined);
      setProgram(kubeconfig, OLD_AWS);
    },
    says: /Unsupported host '169\.254\.170\.23'/,
    fix: {
      says: /^Update it to AWS CLI 2\.15\.0 \(version 1: 1\.30\.0\) or later/,
      byHand: ({ env, kubeconfig, aws }) => {
        delete env["AWS_CONTAINER_CREDENTIALS_FULL_URI"];
        setProfile(kubeconfig, "grace");
        setProgram(kubeconfig, aws);
      },
    },
  },
];

/** The same for contexts of ours that setup wrote for a profile. */
const OF_OURS: readonly LabFault[] = [
  {
    row: "L2",
    name: "nobody is logged in to Identity Center, for a context of ours",
    breakIt: async (place) => {
      await setUpCenter(place);
      fs.rmSync(centerFile(place.lab));
    },
    context: "lab-center",
    says: /You are not logged in to IAM Identity Center .*\[sso-logged-out\]/,
    fix: {
      says: /kubectl vouch login --profile center/,
      byHand: ({ lab }) => logInToCenter(lab),
    },
  },
  {
    row: "L3",
    name: "the profile of a context of ours is gone",
    breakIt: async (place) => {
      writeAwsConfig(place.lab, "");
      addCredentials(place.lab.home, "own", KEYS_OF_GRACE);
      await setUp(place, "own");
      rename(place.lab, "own", "mine");
    },
    context: "lab-own",
    says: /AWS profile own \(from --profile\) not found.*\[profile-missing\]/,
    fix: { printed: /existing profile/, fill: () => ({ PROFILE: "mine" }), not: /list-profiles/ },
  },
  {
    row: "L17",
    name: "the profile of a context of ours takes its credentials from one that is not there",
    breakIt: async (place) => {
      const { lab } = place;
      addCredentials(lab.home, "own", KEYS_OF_GRACE);
      await setUp(place, "own");
      writeAwsConfig(lab, CHAINED("gone").replace("chained", "own"));
      rename(lab, "own", "mine");
    },
    context: "lab-own",
    says: /source_profile is set to gone, but this profile does not exist.*\[profile-missing\]/,
    fix: {
      says: /vi \+3 \S+\.aws\/config/,
      byHand: ({ lab }) => giveBackOwn(lab),
    },
  },
  {
    row: "L13",
    name: "nobody approved the program of a context of ours",
    breakIt: async (place) => {
      const { lab } = place;
      addCredentials(lab.home, "own", KEYS_OF_GRACE);
      await setUp(place, "own");
      rename(lab, "own", "mine");
      const file = path.join(place.folder, "keys-of-grace.json");
      const keys = { AccessKeyId: GRACE_KEY.accessKeyId, SecretAccessKey: GRACE_KEY.secretAccessKey };
      fs.writeFileSync(file, JSON.stringify({ Version: 1, ...keys }));
      writeAwsConfig(lab, `[profile own]\ncredential_process = /bin/cat ${file}\n`);
    },
    context: "lab-own",
    says: /credential_process would run \/bin\/cat, but it has not been approved.*\[credential-process-unapproved\]/,
    // It asks at a terminal; here the answer is given beforehand.
    fix: {
      says: /kubectl vouch setup eks --cluster \S+ --region \S+ --profile own/,
      byHand: (place) => setUp(place, "own", "--approve-process"),
    },
  },
];

/** Rows L: where an AWS profile of any kind gets its credentials. */
export const SOURCE_FAULTS: readonly LabFault[] = [
  ...OF_AWS_CLI.map((fault) => ({ ...fault, context: CONTEXTS.grace })),
  ...OF_OURS.map((fault) => ({ ...fault, isSettled: true })),
];

const KEYS_OF_GRACE = {
  AWS_ACCESS_KEY_ID: GRACE_KEY.accessKeyId,
  AWS_SECRET_ACCESS_KEY: GRACE_KEY.secretAccessKey,
};

const CENTER_USER = "grace@example.com";

/** A context `lab-center` of ours that works, by a profile of Identity Center. */
export async function setUpCenter(place: FaultPlace): Promise<void> {
  const { lab } = place;
  assign(lab, "Developer");
  writeAwsConfig(lab, centerProfile(lab, "Developer"));
  logInToCenter(lab);
  await setUp(place, "center");
}

/** The profile as it was set up, with keys alone. */
function giveBackOwn(lab: Lab): void {
  writeAwsConfig(lab, "");
  rename(lab, "mine", "own");
}

/** Lets the person have a permission set that sees the cluster. */
function assign({ world, cluster }: Lab, permissionSet: string): void {
  const { roleArn } = addAssignment(world, { userName: CENTER_USER, permissionSet, allows: [CLUSTER_READS] });
  const role = world.roles.get(roleArn);
  if (role !== undefined) addEntry(cluster, role, viewerOfOld());
}

function centerProfile({ world }: Lab, permissionSet: string): string {
  const { startUrl, region } = world.identityCenter;
  return `[profile center]\nsso_session = lab\nsso_account_id = ${world.accountId}\nsso_role_name = ${permissionSet}\nregion = ${LAB_REGION}\n\n[sso-session lab]\nsso_start_url = ${startUrl}\nsso_region = ${region}\nsso_registration_scopes = sso:account:access\n`;
}

function centerFile({ home }: Lab): string {
  return path.join(home, ".aws", "sso", "cache", ssoTokenFile("lab"));
}

/** What a login leaves: a token of an hour that cannot be refreshed. */
function logInToCenter(lab: Lab): void {
  const { startUrl, region, sessions } = lab.world.identityCenter;
  const expires = new Date(lab.clock() + 3_600_000);
  const token = `LABCANARY${randomBytes(24).toString("hex")}`;
  const accessTokens = [{ token, expires }];
  sessions.push({ userName: CENTER_USER, clientId: "lab", expires, accessTokens, refreshToken: undefined });
  fs.mkdirSync(path.dirname(centerFile(lab)), { recursive: true, mode: 0o700 });
  const kept = { startUrl, region, accessToken: token, expiresAt: `${expires.toISOString().slice(0, 19)}Z` };
  fs.writeFileSync(centerFile(lab), JSON.stringify(kept), { mode: 0o600 });
}

/** A context of ours, named after the profile. */
async function setUp({ run }: FaultPlace, profile: string, ...more: readonly string[]): Promise<void> {
  const entry = ["--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--profile", profile];
  const { status, stderr } = await run(["kubectl-vouch", "setup", "eks", ...entry, ...more]);
  if (status !== 0) throw new Error(stderr);
}

/** Gives a profile of the credentials file another name. */
function rename({ home }: Lab, from: string, to: string): void {
  const file = path.join(home, ".aws", "credentials");
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace(`[${from}]`, `[${to}]`));
}
