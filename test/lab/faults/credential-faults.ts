import fs from "node:fs";
import path from "node:path";
import { addEntry, addRole, addUser } from "../aws/world.ts";
import type { Lab } from "../lab.ts";
import { CONTEXTS, type FaultPlace, type LabFault, type LabFix, UNAUTHORIZED } from "./lab-fault.ts";
import { GRACE, GRACE_KEY, viewerOfOld } from "./lab-people.ts";
import { addCredentials, setProfile, writeAwsConfig } from "./lab-profiles.ts";
import { addAccountRole, openRoleSession } from "./lab-sessions.ts";

/** Names the profile of grace, whatever the report calls it. */
export const CHOOSE_GRACE: LabFix = {
  printed: /\bprofile\b/,
  fill: () => ({ "=PROFILE": "=grace" }),
};

/** What a helper says that is logged in. */
const HELPER_ANSWER = `#!/bin/sh\necho '${JSON.stringify({ Version: 1, AccessKeyId: GRACE_KEY.accessKeyId, SecretAccessKey: GRACE_KEY.secretAccessKey })}'\n`;

const FAULTS: readonly LabFault[] = [
  {
    row: "L1",
    name: "there are no AWS credentials",
    breakIt: ({ kubeconfig }) => setProfile(kubeconfig, undefined),
    says: /Unable to locate credentials/,
    fix: CHOOSE_GRACE,
  },
  {
    row: "L2",
    name: "nobody is logged in to Identity Center",
    breakIt: ({ lab, kubeconfig }) => {
      writeAwsConfig(
        lab,
        "[profile sso]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\nregion = us-east-1\n\n[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n",
      );
      setProfile(kubeconfig, "sso");
    },
    says: /Error loading SSO Token/,
    fix: {
      says: /(?:aws sso login|kubectl vouch login) --profile sso/,
      byHand: ({ kubeconfig }) => setProfile(kubeconfig, "grace"),
    },
  },
  {
    row: "L3",
    name: "the profile of the entry is not on this machine",
    breakIt: ({ kubeconfig }) => setProfile(kubeconfig, "grace-of-the-old-laptop"),
    says: /config profile \(grace-of-the-old-laptop\) could not be found/,
    fix: CHOOSE_GRACE,
  },
  {
    row: "L4",
    name: "keys in the shell push the profile aside",
    breakIt: ({ lab, env }) => Object.assign(env, openRoleSession(lab, addAccountRole(lab, "Deployer"))),
    says: UNAUTHORIZED,
  },
  {
    row: "L5",
    name: "the session keys in the shell have expired",
    breakIt: ({ lab, env, kubeconfig }) => {
      const role = addAccountRole(lab, "Deployer");
      addEntry(lab.cluster, role, viewerOfOld());
      Object.assign(env, openRoleSession(lab, role, { expires: new Date(lab.clock() - 60_000) }));
      setProfile(kubeconfig, undefined);
    },
    says: UNAUTHORIZED,
    fix: {
      says: /unset AWS_ACCESS_KEY_ID/,
      byHand: ({ lab, env }) => renew(lab, env, "Deployer"),
    },
  },
  {
    row: "L6",
    name: "the access key was deactivated",
    breakIt: ({ lab }) => {
      for (const key of lab.world.users.get(GRACE)?.accessKeys ?? []) key.active = false;
    },
    says: UNAUTHORIZED,
    fix: { says: /aws configure --profile grace/, byHand: ({ lab }) => activate(lab) },
  },
  {
    row: "L7",
    name: "the profile is of another account, where somebody has the same name",
    breakIt: ({ lab, kubeconfig }) => {
      const role = addAccountRole(lab, "Deployer");
      addEntry(lab.cluster, role, viewerOfOld());
      const other = addRole(lab.world, { name: "Deployer", account: "444455556666", allows: role.allows });
      const keys = openRoleSession(lab, other);
      addCredentials(lab.home, "deployer", keys);
      setProfile(kubeconfig, "deployer");
    },
    says: UNAUTHORIZED,
    fix: CHOOSE_GRACE,
  },
  {
    row: "L8",
    name: "the keys are those of the machine's role",
    breakIt: ({ lab, kubeconfig }) => {
      const role = addAccountRole(lab, "NodeRole");
      addEntry(lab.cluster, role, { ...viewerOfOld(), policies: [], type: "HYBRID_LINUX" });
      addCredentials(lab.home, "default", openRoleSession(lab, role, { name: "i-0123456789abcdef0" }));
      setProfile(kubeconfig, undefined);
    },
    says: /User "system:node:/,
    fix: CHOOSE_GRACE,
  },
  {
    row: "L9",
    name: "the profile wants an MFA code",
    breakIt: ({ lab, kubeconfig }) => {
      addAccountRole(lab, "Careful");
      writeAwsConfig(
        lab,
        "[profile careful]\nrole_arn = arn:aws:iam::111122223333:role/Careful\nsource_profile = grace\nmfa_serial = arn:aws:iam::111122223333:mfa/grace\nregion = us-east-1\n",
      );
      setProfile(kubeconfig, "careful");
    },
    says: /MFA|EOF/,
    fix: {
      says: /aws sts get-session-token --profile grace/,
      byHand: ({ kubeconfig }) => setProfile(kubeconfig, "grace"),
    },
  },
  {
    row: "L10",
    name: "a chained profile asks for more than an hour",
    breakIt: ({ lab, kubeconfig }) => {
      for (const name of ["First", "Second"]) {
        const role = addAccountRole(lab, name, {
          maxSessionDuration: 43_200,
          allows: [{ actions: ["sts:AssumeRole"], resources: ["*"] }],
        });
        addEntry(lab.cluster, role, viewerOfOld());
      }
      mayAssume({ lab });
      writeAwsConfig(
        lab,
        "[profile first]\nrole_arn = arn:aws:iam::111122223333:role/First\nsource_profile = grace\nregion = us-east-1\n\n[profile second]\nrole_arn = arn:aws:iam::111122223333:role/Second\nsource_profile = first\nduration_seconds = 7200\nregion = us-east-1\n",
      );
      setProfile(kubeconfig, "second");
    },
    says: /exceeds the 1 hour session limit for roles assumed by role chaining/,
  },
  {
    row: "L12",
    name: "the AWS CLI keeps credentials of a role that was recreated",
    breakIt: async ({ lab, kubeconfig, run }) => {
      const role = addAccountRole(lab, "Deployer");
      mayAssume({ lab });
      writeAwsConfig(
        lab,
        "[profile deployer]\nrole_arn = arn:aws:iam::111122223333:role/Deployer\nsource_profile = grace\nregion = us-east-1\n",
      );
      setProfile(kubeconfig, "deployer");
      await run(["kubectl", "--context", CONTEXTS.grace, "get", "pods"]);
      role.uniqueId = "AROALABMADEANEW000000";
      role.createDate = new Date(lab.clock() - 3_600_000);
      addEntry(lab.cluster, role, viewerOfOld());
    },
    says: UNAUTHORIZED,
  },
  {
    row: "L13",
    name: "the helper that gives credentials fails",
    breakIt: ({ lab, kubeconfig }) => {
      const helper = path.join(lab.home, "aws-vault");
      fs.writeFileSync(helper, "#!/bin/sh\necho 'aws-vault: error: exec: not logged in' >&2\nexit 1\n", {
        mode: 0o755,
      });
      writeAwsConfig(
        lab,
        `[profile vaulted]\ncredential_process = ${helper} exec grace\nregion = us-east-1\n`,
      );
      setProfile(kubeconfig, "vaulted");
    },
    says: /aws-vault: error: exec: not logged in/,
    fix: {
      says: /aws-vault login vaulted/,
      byHand: ({ lab }) => fs.writeFileSync(path.join(lab.home, "aws-vault"), HELPER_ANSWER),
    },
  },
  {
    row: "L14",
    name: "the client has the home of a snap",
    context: CONTEXTS.grace,
    breakIt: ({ env, folder, kubeconfig }) => {
      const home = path.join(folder, "snap", "flux", "12");
      fs.mkdirSync(home, { recursive: true });
      env["KUBECONFIG"] = kubeconfig;
      env["HOME"] = home;
    },
    says: /Unable to locate credentials|config profile \(grace\) could not be found/,
    fix: {
      says: /sudo snap install flux --classic/,
      byHand: ({ env, lab }) => {
        env["HOME"] = lab.home;
      },
    },
  },
  {
    row: "L15",
    name: "Cloud9 has written its own keys over the person's",
    breakIt: ({ lab, env, kubeconfig }) => {
      env["C9_PROJECT"] = "petclinic";
      env["C9_USER"] = "grace";
      const role = addAccountRole(lab, "Cloud9");
      addCredentials(
        lab.home,
        "default",
        openRoleSession(lab, role, { expires: new Date(lab.clock() - 60_000) }),
      );
      setProfile(kubeconfig, undefined);
    },
    says: UNAUTHORIZED,
    fix: {
      says: /AWS managed temporary credentials/,
      byHand: ({ kubeconfig }) => setProfile(kubeconfig, "grace"),
    },
  },
  {
    row: "L16",
    name: "the keys are those of the account's root user",
    breakIt: ({ lab, env, kubeconfig }) => {
      const root = addUser(lab.world, {
        name: "root",
        arn: `arn:aws:iam::${lab.world.accountId}:root`,
        uniqueId: lab.world.accountId,
        accessKeys: [{ id: "AKIALABROOT000000001", secret: GRACE_KEY.secretAccessKey, active: true }],
        allows: [{ actions: ["*"], resources: ["*"] }],
      });
      setProfile(kubeconfig, undefined);
      env["AWS_ACCESS_KEY_ID"] = root.accessKeys[0]?.id ?? "";
      env["AWS_SECRET_ACCESS_KEY"] = GRACE_KEY.secretAccessKey;
    },
    says: UNAUTHORIZED,
    fix: {
      says: /Create an access entry for an IAM role/,
      byHand: ({ kubeconfig, env }) => {
        delete env["AWS_ACCESS_KEY_ID"];
        setProfile(kubeconfig, "grace");
      },
    },
  },
];

/** Rows L: whose AWS credentials the plugin signs with. All are faults of grace, whose plugin is the real AWS CLI. */
export const CREDENTIAL_FAULTS: readonly LabFault[] = FAULTS.map((fault) => ({
  ...fault,
  context: CONTEXTS.grace,
}));

/** The same role, new keys. */
function renew(lab: Lab, env: Record<string, string>, name: string): void {
  const role = lab.world.roles.get(`arn:aws:iam::${lab.world.accountId}:role/${name}`);
  if (role !== undefined) Object.assign(env, openRoleSession(lab, role));
}

function activate({ world }: Lab): void {
  for (const key of world.users.get(GRACE)?.accessKeys ?? []) key.active = true;
}

function mayAssume({ lab }: Pick<FaultPlace, "lab">): void {
  lab.world.users.get(GRACE)?.allows.push({ actions: ["sts:AssumeRole"], resources: ["*"] });
}
