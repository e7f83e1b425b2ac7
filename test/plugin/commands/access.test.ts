import assert from "node:assert/strict";
import { accessPolicy, addEntry, addRole, LAB_ADMIN_KEY } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION } from "../../lab/lab.ts";
import { labDeskAtRest } from "../../support/lab-desk.ts";

const ADMIN = "arn:aws:iam::111122223333:user/lab-admin";
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const SSO = "AWSReservedSSO_Ops_0123456789abcdef";

describe("kubectl vouch access", () => {
  const desk = labDeskAtRest();
  const access = async (...flags: string[]) => desk.run(["access", ...flags]);
  const object = async () => {
    const { status, stdout, stderr } = await access("-o", "json");
    assert.equal(status, 0, stderr);
    const { principals, ...rest } = JSON.parse(stdout);
    const of = (principal: string) =>
      principals.filter((one: { readonly principal: string }) => one.principal === principal);
    return { of, rest };
  };

  beforeEach(async () => {
    const { world, cluster } = desk.lab;
    desk.write(
      ".aws/config",
      `[profile admin]\nregion = ${LAB_REGION}\naws_access_key_id = ${LAB_ADMIN_KEY.accessKeyId}\naws_secret_access_key = ${LAB_ADMIN_KEY.secretAccessKey}\n`,
    );
    const admin = world.users.get(ADMIN);
    assert.ok(admin);
    addEntry(cluster, admin, { policies: [accessPolicy("AmazonEKSClusterAdminPolicy")] });
    const made = { createDate: new Date(2020, 1), trust: [] };
    addEntry(cluster, addRole(world, { name: "Dev", ...made }), {
      kubernetesGroups: ["devs"],
      policies: [accessPolicy("AmazonEKSEditPolicy", ["web", "shop"])],
    });
    addEntry(cluster, addRole(world, { name: "Nodes", ...made }), { type: "EC2_LINUX" });
    addEntry(cluster, addRole(world, { name: SSO, path: "/aws-reserved/sso.amazonaws.com/", ...made }));
    addEntry(cluster, addRole(world, { name: "Gone", ...made }));
    world.roles.delete(role("Gone"));
    addEntry(cluster, addRole(world, { name: "Renewed", ...made }), { createdAt: new Date(2019, 1) });
    cluster.awsAuth = {
      mapRoles: `- {rolearn: "${role("Dev")}", username: dev, groups: ["system:masters"]}\n- {rolearn: "${role("Old")}", username: "old:{{SessionName}}", groups: [devs]}\n`,
      mapAccounts: '["444455556666"]',
    };
    cluster.bindings = [
      {
        name: "devs",
        namespace: "web",
        roleRef: { kind: "ClusterRole", name: "view" },
        subjects: [{ kind: "Group", name: "devs" }],
      },
      {
        name: "ada",
        roleRef: { kind: "ClusterRole", name: "edit" },
        subjects: [{ kind: "User", name: "old:ada" }],
      },
    ];
    const setup = ["setup", "eks", "--cluster", LAB_CLUSTER, "--profile", "admin"];
    assert.equal((await desk.run(setup)).status, 0);
  });

  it("lists entries, aws-auth and what policies and RBAC grant, and names what is left of deleted roles", async () => {
    const { status, stdout, stderr } = await access();
    assert.equal(status, 0, stderr);
    const rows = stdout.split("\n").map((line) => line.replaceAll(/ {2,}/g, " | "));
    assert.deepEqual(rows.slice(0, 1), ["PRINCIPAL | MAPPED BY | GROUPS | PERMISSIONS"]);
    for (const row of [
      `${ADMIN} | access entry | - | AmazonEKSClusterAdminPolicy`,
      `${role("Dev")} | access entry | devs | AmazonEKSEditPolicy (web, shop); ClusterRole view (web)`,
      `${role("Nodes")} | access entry | system:nodes | node (EC2_LINUX)`,
      `${role("Dev")} | aws-auth | system:masters | everything`,
      `${role("Old")} | aws-auth | devs | ClusterRole edit; ClusterRole view (web)`,
      "account 444455556666 | aws-auth | - | -",
    ])
      assert.ok(rows.includes(row), `${row}\n${rows.join("\n")}`);
    const removal = (name: string) =>
      `\`aws eks delete-access-entry --cluster-name ${LAB_CLUSTER} --region ${LAB_REGION} --principal-arn ${role(name)}\``;
    assert.deepEqual(
      new Set(stderr.trim().split("\n")),
      new Set([
        `${role(`aws-reserved/sso.amazonaws.com/${SSO}`)}: the role's name ends in a hash that changes if permission set Ops is removed from the account and added again`,
        `${role("Gone")}: no longer exists in IAM; to remove it: ${removal("Gone")}`,
        `${role("Renewed")}: was recreated after its access entry, which no longer applies; delete the entry (${removal("Renewed")}) and create it again`,
        `${role("Dev")}: ignored: the principal also has an access entry`,
        `${role("Old")}: no longer exists in IAM; remove its mapping from aws-auth`,
      ]),
    );
    assert.match((await access("-o", "wide")).stdout, /^arn:\S+\/Old .* old:\{\{SessionName\}\}$/m);
  });

  it("prints one object for programs", async () => {
    const { of, rest } = await object();
    assert.deepEqual(rest, {
      ...{ apiVersion: "vouch.kubectl/v1", kind: "AccessList", cluster: LAB_CLUSTER, region: LAB_REGION },
      ...{ authenticationMode: "API_AND_CONFIG_MAP", notRead: [] },
    });
    const [{ username, ...dev }] = of(role("Dev"));
    assert.match(username, /\/Dev\/\{\{SessionName\}\}$/);
    assert.deepEqual(dev, {
      ...{ principal: role("Dev"), by: "access-entry", type: "STANDARD", groups: ["devs"], notes: [] },
      policies: [{ name: "AmazonEKSEditPolicy", namespaces: ["web", "shop"] }],
      bindings: [{ binding: "RoleBinding devs", role: "ClusterRole view", namespace: "web" }],
    });
  });

  it("says what it cannot read, and reads only what the authentication mode uses", async () => {
    const { cluster } = desk.lab;
    cluster.authenticationMode = "API";
    assert.deepEqual((await object()).of(role("Old")), []);
    cluster.authenticationMode = "CONFIG_MAP";
    cluster.awsAuth = { mapRoles: "- {", mapUsers: `- {userarn: "${ADMIN}", groups: ["system:masters"]}\n` };
    const { of, rest } = await object();
    assert.equal(of(ADMIN)[0].by, "aws-auth");
    assert.deepEqual(of(role("Dev")), []);
    assert.deepEqual(
      rest.notRead.map(({ what }: { readonly what: string }) => what),
      ["who created the cluster", "aws-auth"],
    );
  });

  it("counts what a binding grants to everyone", async () => {
    const { cluster } = desk.lab;
    const everyone = { kind: "Group", name: "system:authenticated" } as const;
    cluster.bindings.push({
      name: "all",
      roleRef: { kind: "ClusterRole", name: "cluster-admin" },
      subjects: [everyone],
    });
    assert.deepEqual((await object()).of(role("Nodes"))[0].bindings, [
      { binding: "ClusterRoleBinding all", role: "ClusterRole cluster-admin" },
    ]);
  });

  it("lists an entry whose policies may not be read", async () => {
    const user = desk.lab.world.users.get(ADMIN);
    assert.ok(user);
    user.allows = [{ actions: ["eks:Describe*", "eks:ListAccessEntries", "iam:Get*"], resources: ["*"] }];
    const { of, rest } = await object();
    assert.deepEqual(of(role("Dev"))[0].policies, []);
    assert.deepEqual(
      rest.notRead.map(({ what }: { readonly what: string }) => what),
      ["access policies"],
    );
  });

  it("is refused to a user who may read neither", async () => {
    desk.logIn();
    const { lab } = desk;
    assert.equal(
      (
        await desk.run([
          "setup",
          "eks",
          "--cluster",
          LAB_CLUSTER,
          "--region",
          LAB_REGION,
          "--role",
          role("VouchDeveloper"),
        ])
      ).status,
      0,
    );
    lab.cluster.accessEntries.get(role("VouchDeveloper"))?.policies.splice(1);
    const { status, stderr } = await access("--context", "lab-vouch");
    assert.equal(status, 5);
    lab.world.roles
      .get(role("VouchDeveloper"))
      ?.allows.push({ actions: ["eks:DescribeCluster"], resources: ["*"] });
    lab.cluster.authenticationMode = "CONFIG_MAP";
    const alone = await access("--context", "lab-vouch");
    assert.deepEqual([alone.status, alone.stdout], [5, ""]);
    assert.match(
      alone.stderr,
      /^error: Cannot read who has access to lab: .*aws-auth.*\. \[permission-denied\]$/m,
    );
    assert.match(
      stderr,
      /^error: Cannot read who has access to lab: AccessDenied.*eks:ListAccessEntries.*aws-auth.*\[permission-denied\]$/m,
    );
  });
});
