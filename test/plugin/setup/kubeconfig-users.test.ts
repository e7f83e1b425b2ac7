import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { INSTALL_HINT } from "../../../plugin/setup/eks-entry.ts";
import { planEks } from "../../../plugin/setup/eks-plan.ts";
import { foreignEksUser } from "../../../plugin/setup/foreign-user.ts";
import { kubeconfigDraft } from "../../../plugin/setup/kubeconfig-draft.ts";
import { migrateUsers } from "../../../plugin/setup/migrate-users.ts";
import { mergeKubeconfigs } from "../../../token/kubeconfig/kubeconfig-view.ts";
import { awsMachine } from "../../support/aws-machine.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { labEntry } from "./lab-entry.ts";

const ROLE = "arn:aws:iam::111122223333:role/Dev";
const exec = (command: string, args: string[], env?: Record<string, string>) => ({
  exec: { command, args, ...(env && { env: Object.entries(env).map(([name, value]) => ({ name, value })) }) },
});

describe("foreignEksUser", () => {
  const none = { region: undefined, role: undefined, profile: undefined };
  const known: Record<string, [ReturnType<typeof exec>, object]> = {
    "what update-kubeconfig writes": [
      exec(
        "aws",
        [
          "--region",
          "us-east-1",
          "eks",
          "get-token",
          "--cluster-name",
          "lab",
          "--output",
          "json",
          "--role",
          ROLE,
        ],
        { AWS_PROFILE: "dev" },
      ),
      { by: "aws", clusterName: "lab", region: "us-east-1", role: ROLE, profile: "dev" },
    ],
    "aws by its path, with flags glued": [
      exec("/usr/local/bin/aws", ["eks", "get-token", "--cluster-name=lab", "--role-arn=x", "--profile=p"]),
      { by: "aws", clusterName: "lab", region: undefined, role: "x", profile: "p" },
    ],
    "aws on Windows": [
      exec("C:\\Program Files\\Amazon\\AWSCLIV2\\AWS.EXE", ["eks", "get-token", "--cluster-id", "lab"]),
      { by: "aws", clusterName: "lab", ...none },
    ],
    "aws-iam-authenticator": [
      exec("aws-iam-authenticator", ["token", "-i", "lab", "-r", ROLE], { AWS_REGION: "us-east-1" }),
      {
        by: "aws-iam-authenticator",
        clusterName: "lab",
        region: "us-east-1",
        role: ROLE,
        profile: undefined,
      },
    ],
    "its long flags": [
      exec("/bin/aws-iam-authenticator", ["token", "--cluster-id", "lab", "--role", ROLE]),
      { by: "aws-iam-authenticator", clusterName: "lab", region: undefined, role: ROLE, profile: undefined },
    ],
    "its old name": [
      exec("heptio-authenticator-aws", ["token", "-i", "lab"]),
      { by: "aws-iam-authenticator", clusterName: "lab", ...none },
    ],
    "upstream's vouch": [
      exec("vouch", ["credential", "eks", "--cluster-name", "lab", "--region", "us-east-1", "--role", ROLE]),
      { by: "vouch", clusterName: "lab", region: "us-east-1", role: ROLE, profile: undefined },
    ],
  };
  for (const [what, [user, expected]] of Object.entries(known)) {
    it(`knows ${what}`, () => {
      const { by, clusterName, region, role, profile } = foreignEksUser(user) ?? {};
      assert.deepEqual({ by, clusterName, region, role, profile }, expected);
    });
  }

  const unknown: Record<string, object> = {
    "a token": { token: "x" },
    "our own": exec("kubectl-vouch", ["credential", "eks", "--cluster-name", "lab"]),
    "another command of aws": exec("aws", ["sts", "get-caller-identity", "--cluster-name", "lab"]),
    "a wrapper": exec("aws-vault", ["exec", "dev", "--", "aws", "eks", "get-token", "--cluster-name", "lab"]),
    "no cluster": exec("aws", ["eks", "get-token"]),
    "upstream's generic login": exec("vouch", ["credential", "k8s", "--cluster", "lab"]),
  };
  for (const [what, user] of Object.entries(unknown))
    it(`does not take ${what} for one`, () => assert.equal(foreignEksUser(user as never), undefined));
});

describe("--migrate", () => {
  const entry = labEntry();
  const ARN = "arn:aws:eks:us-east-1:111122223333:cluster/lab";
  const kubeconfig = (user: string, server = entry.endpoint) => `# by hand
clusters:
- name: "${ARN}"
  cluster: {server: "${server}"}
contexts:
- name: old # keep
  context: {cluster: "${ARN}", user: me}
users:
- name: me
  user:
    exec:   # aws
      apiVersion: client.authentication.k8s.io/v1beta1
      installHint: install aws
${user}`;
  const home = tempFolder();
  beforeEach(() => {
    fs.mkdirSync(path.join(home(), ".aws"));
    fs.writeFileSync(
      path.join(home(), ".aws/config"),
      `[profile dev]\nrole_arn = ${entry.source.role}\nsource_profile = x\n[profile x]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n`,
    );
  });
  const awsUser = (role = "") =>
    kubeconfig(`      command: aws
      args: [--region, us-east-1, eks, get-token, --cluster-name, lab${role}]
      env:
      - name: AWS_PROFILE
        value: dev # person
      - name: HTTPS_PROXY
        value: http://p
`);
  const migrate = (text: string) => {
    const draft = kubeconfigDraft(mergeKubeconfigs(["/kc"], () => text));
    const migrations = migrateUsers(draft, [entry], { ...awsMachine(home()), isApproved: () => false });
    return {
      migrations: migrations.map(({ user, contexts, migrated }) => ({ user, contexts, migrated })),
      after: draft.changes()[0]?.after ?? text,
    };
  };

  it("lets the user run us, and keeps names, comments and what else it needs", () => {
    const { after, migrations } = migrate(awsUser());
    assert.equal(
      after,
      kubeconfig(`      command: kubectl-vouch
      args: ["credential", "eks", "--cluster-name", "lab", "--region", "us-east-1", "--role", "arn:aws:iam::111122223333:role/VouchDeveloper", "--server", "https://us.vouch.sh"]
      env:
      - name: HTTPS_PROXY
        value: http://p
      interactiveMode: Never
      provideClusterInfo: true
`)
        .replace("k8s.io/v1beta1", "k8s.io/v1")
        .replace("installHint: install aws", `installHint: "${INSTALL_HINT}"`),
    );
    assert.deepEqual(migrations, [{ user: "me", contexts: ["old"], migrated: true }]);
  });

  it("leaves a user alone that takes on another role, with nobody's credentials", () => {
    fs.writeFileSync(path.join(home(), ".aws/config"), "[profile dev]\nregion = us-east-1\n");
    const text = awsUser(`, --role, "${ROLE}"`);
    const { after, migrations } = migrate(text);
    assert.equal(after, text);
    assert.deepEqual(migrations, [{ user: "me", contexts: ["old"], migrated: false }]);
  });

  it("takes one that names this very role", () => {
    assert.deepEqual(migrate(awsUser(`, --role, "${entry.source.role}"`)).migrations, [
      { user: "me", contexts: ["old"], migrated: true },
    ]);
  });

  const others: [string, string][] = [
    [
      "another name, with no context",
      awsUser().replace(", user: me}", ", user: x}").replace("--cluster-name, lab", "--cluster-name, prod"),
    ],
    [
      "another region, with no context",
      awsUser().replace(", user: me}", ", user: x}").replace("us-east-1, eks", "eu-west-1, eks"),
    ],
  ];
  for (const [what, text] of others) {
    it(`does not touch the user of a cluster of ${what}`, () => {
      const { migrations, after } = migrate(text);
      assert.deepEqual({ migrations, after }, { migrations: [], after: text });
    });
  }

  it("leaves a user alone whose context calls another address, and says which", () => {
    const text = awsUser().replace(entry.endpoint, "https://other").replaceAll(ARN, "prod");
    const { migrations, after } = migrate(text);
    assert.deepEqual(
      { migrations, after },
      { migrations: [{ user: "me", contexts: ["old"], migrated: false }], after: text },
    );
  });

  it("knows a user that no context names by cluster and region", () => {
    const text = awsUser().replace(", user: me}", ", user: x}");
    assert.deepEqual(migrate(text).migrations, [{ user: "me", contexts: [], migrated: true }]);
  });

  it("makes a context of our own beside, but takes over upstream's of that name", () => {
    const file = path.join(home(), "config");
    const plan = (text: string) => {
      fs.writeFileSync(file, text);
      return planEks({
        paths: [file],
        entries: [entry],
        migrate: { ...awsMachine(home()), isApproved: () => false },
      }).result.setups.map(({ context, status }) => [context, status]);
    };
    assert.deepEqual(plan(awsUser()), [["lab-vouch", "added"]]);
    const upstream = awsUser()
      .replace("name: old", "name: lab-vouch")
      .replace("command: aws", "command: vouch")
      .replace("--region, us-east-1, eks, get-token,", "credential, eks, --region, us-east-1,");
    assert.deepEqual(plan(upstream), [["lab-vouch", "updated"]]);
  });
});
