import assert from "node:assert/strict";
import fs from "node:fs";
import { parse } from "yaml";
import { addCluster } from "../../lab/aws/world.ts";
import { LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { allowClusterReads, CREDENTIAL_WORDS, SETUP_WORDS } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";

suiteOnPosix("lab", "kubectl vouch setup eks --migrate --in-place", () => {
  const desk = labDesk();
  const setup = (...flags: string[]) => desk.run([...SETUP_WORDS, "--migrate", "--in-place", ...flags]);
  const text = () => fs.readFileSync(desk.kubeconfig, "utf8");
  const caData = () => Buffer.from(desk.lab.cluster.certificateAuthority).toString("base64");

  const HEAD = () => `# by hand
apiVersion: v1
kind: Config
current-context: work
clusters:
- name: ours   # EKS
  cluster: {server: "${desk.lab.cluster.endpoint}", certificate-authority-data: ${caData()}}
contexts:
- {name: work, context: {cluster: ours, user: me, namespace: web}}
- {name: wrapped, context: {cluster: ours, user: wrapped}}
- {name: wrapped-too, context: {cluster: ours, user: wrapped}}
users:
- name: wrapped
  user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: aws-vault, args: [exec, dev]}}
`;
  const ME = `- name: me   # that is me
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: aws
      args: [--region, us-east-1, eks, get-token, --cluster-name, lab, --role-arn, "${LAB_ROLE}"]
`;
  const STAYS = "it runs aws-vault, which itself decides whose credentials sign the token";

  beforeEach(() => {
    desk.logIn();
    allowClusterReads(desk.lab);
    desk.write(".kube/config", HEAD() + ME);
  });

  it("changes the user and not a byte beside it; --undo brings it back", async () => {
    const { status, stderr } = await setup();
    assert.equal(status, 0, stderr);
    assert.ok(text().startsWith(`${HEAD()}- name: me   # that is me\n  user:\n    exec:\n`));
    const { users } = parse(text()) as { users: { name: string; user: { exec: { command: string } } }[] };
    assert.deepEqual(
      users.map(({ name, user }) => [name, user.exec.command]),
      [
        ["wrapped", "aws-vault"],
        ["me", "kubectl-vouch"],
      ],
    );
    const said = stderr.split("\n").filter((line) => /^(User|Context|Nothing|No|The current)/.test(line));
    assert.deepEqual(said, [
      `Context work updated: ${desk.lab.cluster.arn}`,
      `User wrapped (contexts wrapped, wrapped-too) stays with aws-vault: ${STAYS}; if ${LAB_ROLE} is meant, run setup without --in-place, which adds a kubectl-vouch context`,
      `User me (context work) switched from aws to kubectl-vouch: it assumes ${LAB_ROLE}`,
    ]);
    assert.match(stderr, /^Try it: `kubectl get pods --context=work`$/m);

    const { stderr: undone } = await desk.run(["setup", "eks", "--undo"]);
    assert.match(undone, /^ {2}user me was restored$/m);
    assert.equal(text(), HEAD() + ME);
  });

  it("needs no permission to list clusters: with --all, those that the kubeconfig names will do", async () => {
    const role = desk.lab.world.roles.get(LAB_ROLE);
    assert.ok(role);
    role.allows = [{ actions: ["eks:DescribeCluster"], resources: ["*"] }];
    const flags = ["--all", "--region", LAB_REGION, "--role", LAB_ROLE, "--migrate"];
    const { status, stderr } = await desk.run(["setup", "eks", ...flags, "--in-place"]);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^User me \(context work\) switched from aws to kubectl-vouch/m);
    await desk.run(["setup", "eks", "--undo"]);
    assert.equal((await desk.run(["setup", "eks", ...flags])).status, 5);
  });

  it("gives tokens to the context that was there", async () => {
    await setup();
    const info = {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      spec: {
        interactive: false,
        cluster: { server: desk.lab.cluster.endpoint, "certificate-authority-data": caData() },
      },
    };
    const ask = (cluster: object) =>
      desk.run([...CREDENTIAL_WORDS, "--server", desk.lab.vouch.url], {
        answersSecret: true,
        env: { KUBERNETES_EXEC_INFO: JSON.stringify({ ...info, spec: { interactive: false, cluster } }) },
      });
    assert.equal((await ask(info.spec.cluster)).status, 0);
    assert.equal((await ask({ ...info.spec.cluster, server: "https://evil.example" })).status, 6);
  });

  it("does nothing the second time, and --dry-run nothing the first", async () => {
    const dry = await setup("--dry-run");
    assert.match(dry.stdout, /^-\s+command: aws\n/m);
    assert.match(dry.stdout, /^\+\s+command: kubectl-vouch\n/m);
    assert.match(dry.stderr, /^Context work would be updated: /m);
    assert.match(dry.stderr, /^User me \(context work\) would switch from aws /m);
    assert.equal(text(), HEAD() + ME);

    await setup();
    const after = text();
    const { status, stderr } = await setup();
    assert.equal(status, 0);
    assert.match(stderr, /^Context work was already up to date: /m);
    assert.match(stderr, /^No changes were needed\.$/m);
    assert.equal(text(), after);
  });

  it("brings an entry up to date that it switched before", async () => {
    await setup();
    await setup("--interactive");
    assert.match(text(), /interactiveMode: IfAvailable/);
    assert.ok(text().startsWith(HEAD()));
  });

  it("leaves users of ours with another way to the role, another server or a program of their own as they are", async () => {
    const user = (name: string, command: string, ...more: readonly string[]) =>
      `- name: ${name}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      args: [${[...CREDENTIAL_WORDS, ...more].join(", ")}]
      command: ${command}
      interactiveMode: IfAvailable
      provideClusterInfo: true
`;
    const own = ["--server", desk.lab.vouch.url];
    const program = desk.write("ide/kubectl-vouch", "#!/bin/sh\n");
    fs.chmodSync(program, 0o755);
    const others = [
      user("hop", "/opt/ide/kubectl-vouch", "--via", "arn:aws:iam::111122223333:role/Hop", ...own),
      user("elsewhere", "kubectl-vouch", "--server", "https://vouch.other.example"),
      user("ide", program, ...own),
      user("gone", "/opt/gone/kubectl-vouch", ...own),
    ].join("");
    const contexts = ["hop", "elsewhere", "ide", "gone"]
      .map((name) => `- {name: ${name}, context: {cluster: ours, user: ${name}}}\n`)
      .join("");
    const head = HEAD().replace("users:\n", `${contexts}users:\n`);
    desk.write(".kube/config", head + others + ME);
    const { status, stderr } = await setup();
    assert.equal(status, 0, stderr);
    assert.ok(text().startsWith(`${head}${others.slice(0, others.lastIndexOf("- name: ide"))}`), text());
    const bodies = (parse(text()) as { users: { name: string; user: { exec: object } }[] }).users;
    const execOf = (wanted: string) => bodies.find(({ name }) => name === wanted)?.user.exec;
    assert.partialDeepStrictEqual(execOf("ide"), { command: program, interactiveMode: "IfAvailable" });
    assert.partialDeepStrictEqual(execOf("gone"), { command: "kubectl-vouch" });
    assert.doesNotMatch(stderr, /Context (?:hop|elsewhere)/);
  });

  it("adds no context where none could be switched, and says so", async () => {
    const other = ME.replace(LAB_ROLE, "arn:aws:iam::111122223333:role/Other");
    desk.write(".kube/config", HEAD() + other);
    const { status, stderr } = await setup();
    assert.equal(status, 0);
    assert.equal(text(), HEAD() + other);
    assert.match(stderr, /^Found no context to switch for lab; without --in-place, setup adds one\.$/m);
    assert.doesNotMatch(stderr, /Try it|Checked/);
  });

  it("makes the context the current one with --use", async () => {
    desk.write(".kube/config", (HEAD() + ME).replace("current-context: work", "current-context: wrapped"));
    await setup("--use");
    assert.match(text(), /^current-context: work$/m);
  });

  it("leaves it without a current context where there is none", async () => {
    desk.write(".kube/config", (HEAD() + ME).replace("current-context: work\n", ""));
    const { stderr } = await setup();
    assert.doesNotMatch(stderr, /current one/);
    assert.doesNotMatch(text(), /current-context/);
  });

  it("does the same for all clusters", async () => {
    addCluster(desk.lab.world, {
      name: "prod",
      endpoint: "https://127.0.0.1:9/prod",
      certificateAuthority: desk.lab.ca.cert,
    });
    const where = ["--region", LAB_REGION, "--role", LAB_ROLE];
    const { stderr } = await desk.run(["setup", "eks", "--all", ...where, "--migrate", "--in-place"]);
    assert.match(stderr, /^Context work updated: /m);
    assert.match(stderr, /^Found no context to switch for prod; /m);
    assert.ok(text().startsWith(HEAD()));
  });

  it("tells with --migrate alone how the others can use the entry of ours", async () => {
    const { stderr } = await desk.run([...SETUP_WORDS, "--migrate"]);
    const key = "vouch-eks/111122223333/us-east-1/lab";
    const advice = `kubectl config set-context wrapped --cluster=${key} --user=${key}/VouchDeveloper`;
    assert.ok(
      stderr.includes(
        `stays with aws-vault: ${STAYS}; if ${LAB_ROLE} is meant: \`${advice}\`, likewise for wrapped-too\n`,
      ),
      stderr,
    );
    const { stdout } = await desk.run([...SETUP_WORDS, "--migrate", "-o", "json"]);
    const { migrations } = JSON.parse(stdout) as { migrations: Record<string, unknown>[] };
    assert.deepEqual(migrations, [
      {
        user: "wrapped",
        contexts: ["wrapped", "wrapped-too"],
        clusterArn: desk.lab.cluster.arn,
        was: { by: "aws-vault" },
        migrated: false,
        reason: STAYS,
        advice: `if ${LAB_ROLE} is meant: \`${advice}\`, likewise for wrapped-too`,
      },
    ]);
  });

  for (const flags of [
    ["--context-name", "x"],
    ["--namespace", "x"],
  ])
    it(`refuses ${flags[0]}`, async () => {
      const { status, stderr } = await setup(...flags);
      assert.equal(status, 64);
      assert.match(
        stderr,
        /cannot be combined: --in-place leaves contexts and clusters unchanged\. \[usage\]/,
      );
    });

  it("works only with --migrate", async () => {
    const { status, stderr } = await desk.run([...SETUP_WORDS, "--in-place"]);
    assert.equal(status, 64);
    assert.match(stderr, /^error: --in-place works only with --migrate\. \[usage\]\n/);
  });
});
