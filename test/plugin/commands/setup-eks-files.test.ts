import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { UndoneFile } from "../../../plugin/setup/undo/undo-plan.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { fillDisk } from "../../support/full-disk.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { SETUP_WORDS } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";

/** Comments, odd indentation, an anchor, fields nobody knows, CRLF. */
const ODD = `# mine, keep off\r
apiVersion: v1\r
kind: Config\r
preferences: {colors: true}   # odd\r
x-unknown:\r
      - &deep {a: 1}\r
      - *deep\r
clusters:\r
    -   name: other\r
        cluster: {server: "https://other.example"}\r
contexts: []\r
users: []\r
current-context: other\r
`;

suiteOnPosix("lab", "kubectl vouch setup eks and the files of others", () => {
  const desk = labDesk();
  const setup = (...flags: string[]) => [...SETUP_WORDS, ...flags];
  const undo = ["setup", "eks", "--undo"];
  /** The lines that say what is taken back, when they are as they should be. */
  const tookBack = (stderr: string) =>
    /^Undid `kubectl vouch setup eks` from \d{4}-\S+ \S+ UTC\S*:\n {2}context lab-vouch \(arn:\S+lab\) was removed\n/.exec(
      stderr,
    )?.[0];
  const bytes = () => fs.readFileSync(desk.kubeconfig, "utf8");

  beforeEach(() => desk.logIn());

  it("keeps every byte outside its own entries, and --undo restores all of them", async () => {
    desk.write(".kube/config", ODD);
    fs.chmodSync(desk.kubeconfig, 0o640);
    assert.equal((await desk.run(setup())).status, 0);
    const [head = "", tail = ""] = ODD.split("clusters:");
    assert.ok(bytes().startsWith(`${head}clusters:`));
    assert.ok(bytes().includes(tail.split("\r\n")[1] ?? ""));
    assert.equal(/[^\r]\n/.test(bytes()), false, "line ends as they were");
    assert.equal(fs.statSync(desk.kubeconfig).mode & 0o777, 0o640);

    const { status, stdout, stderr } = await desk.run(undo);
    assert.deepEqual(
      { status, stdout, stderr },
      {
        status: 0,
        stdout: "",
        stderr: `${tookBack(stderr)}Restored ${desk.kubeconfig}, byte for byte.\n`,
      },
    );
    assert.equal(bytes(), ODD);
  });

  it("removes a file that it had made, on --undo, and then has nothing to undo", async () => {
    await desk.run(setup());
    const undone = (await desk.run(undo)).stderr;
    assert.equal(undone, `${tookBack(undone)}Removed ${desk.kubeconfig}, which setup had created.\n`);
    assert.equal(fs.existsSync(desk.kubeconfig), false);
    const { status, stderr } = await desk.run(undo);
    assert.equal(status, 6);
    assert.equal(
      stderr,
      `error: No recorded setup to undo. [undo-impossible]\nNo kubectl-vouch contexts found in ${desk.kubeconfig}.\n`,
    );
  });

  it("names the contexts that are there, where nothing is recorded that could be undone", async () => {
    await desk.run(setup());
    const written = desk.read(".kube/config");
    await desk.run(undo);
    desk.write(".kube/config", written);
    const { stderr } = await desk.run(undo);
    assert.match(stderr, /\nRemove a context manually: `kubectl config delete-context lab-vouch`\n$/);
    const named = await desk.run([...undo, "--kubeconfig", desk.kubeconfig]);
    assert.match(named.stderr, /delete-context lab-vouch --kubeconfig=\S+`\n$/);
  });

  it("takes back only its entries when somebody changed the file since", async () => {
    desk.write(".kube/config", "apiVersion: v1\nkind: Config\n");
    await desk.run(setup());
    fs.appendFileSync(desk.kubeconfig, "# a word of somebody else\n");
    const dry = (await desk.run([...undo, "--dry-run"])).stderr;
    assert.match(
      dry,
      /^A different program has changed \S+ since: only the changes by setup would be undone\.$/m,
    );
    const { stdout, stderr } = await desk.run([...undo, "-o", "json"]);
    assert.equal(stderr, "");
    const { time, files, ...rest } = JSON.parse(stdout) as { time: string; files: UndoneFile[] };
    assert.ok(Date.parse(time) > 0);
    assert.deepEqual(rest, {
      apiVersion: "vouch.kubectl/v1",
      kind: "SetupUndone",
      dryRun: false,
      currentContexts: [{ path: desk.kubeconfig, was: "lab-vouch", now: "" }],
      otherFiles: [],
      warnings: [],
    });
    const [{ entries, ...file } = { entries: [] }] = files;
    assert.deepEqual(file, { path: desk.kubeconfig, how: "entries", changedSince: true, kept: [] });
    assert.deepEqual(entries[2], {
      section: "contexts",
      name: "lab-vouch",
      did: "added",
      clusterArn: desk.lab.cluster.arn,
      cluster: { name: LAB_CLUSTER, region: LAB_REGION },
    });
    assert.match(bytes(), /# a word of somebody else/);
    assert.doesNotMatch(bytes(), /vouch/);
  });

  it("writes through a symbolic link", async () => {
    const real = desk.write("dotfiles/kubeconfig", "apiVersion: v1\nkind: Config\n");
    fs.mkdirSync(path.dirname(desk.kubeconfig), { recursive: true });
    fs.symlinkSync(real, desk.kubeconfig);
    await desk.run(setup());
    assert.equal(fs.lstatSync(desk.kubeconfig).isSymbolicLink(), true);
    assert.match(fs.readFileSync(real, "utf8"), /lab-vouch/);
  });

  it("writes the file that --kubeconfig names", async () => {
    const file = path.join(desk.home, "new", "kubeconfig");
    const { status, stderr } = await desk.run(setup("--kubeconfig", file));
    assert.equal(status, 0, stderr);
    assert.match(fs.readFileSync(file, "utf8"), /name: lab-vouch/);
    assert.equal(fs.existsSync(desk.kubeconfig), false);
  });

  it("names that file in every command that it prints", async () => {
    const file = path.join(desk.home, "new", "kubeconfig");
    const printed: string[] = [];
    const runs = async (...words: string[]) => {
      const { stderr } = await desk.run([...words, "--kubeconfig", path.relative(process.cwd(), file)]);
      const said = stderr.replace(/^(?:Undid|Would undo) .* from .*$/m, "");
      printed.push(...[...said.matchAll(/`([^`]+)`/g)].map(([, command = ""]) => command));
    };
    await runs(...undo, "--cluster", "other");
    await runs(...setup());
    await runs(...setup());
    await runs(...undo, "--cluster", "other");
    await runs(...undo, "--dry-run");
    const rename = (current: string) => {
      const text = fs.readFileSync(file, "utf8");
      fs.writeFileSync(file, text.replace(/^current-context: .*$/m, `# mine\ncurrent-context: ${current}`));
    };
    rename("dev");
    await runs(...setup());
    rename("lab-vouch");
    await runs(...undo);
    const without = printed.filter((command) => !/--kubeconfig[= ]/.test(command) || !command.includes(file));
    assert.deepEqual(without, []);
    assert.deepEqual([...new Set(printed.map((command) => command.split(" --")[0]))].sort(), [
      "kubectl config use-context NAME",
      "kubectl config use-context lab-vouch",
      "kubectl get pods",
      "kubectl vouch setup eks",
    ]);
  });

  it("writes a new entry into the first file of KUBECONFIG that exists, as kubectl does", async () => {
    const two = desk.write("two", "apiVersion: v1\nkind: Config\n");
    const KUBECONFIG = `${path.join(desk.home, "one")}:${two}`;
    const { stderr } = await desk.run(setup(), { env: { KUBECONFIG } });
    assert.match(stderr, new RegExp(`^Wrote ${two}; `, "m"));
  });

  const isWaiting = (said: string) => said.includes("another process holds it, waiting");

  it("waits for a locked file, and at last says who is in the way", async () => {
    desk.write(".kube/config", ODD);
    const lock = desk.write(".kube/config.lock", "");
    const { status, stderr } = await desk.run(setup("--debug"), {
      onErr: (text) => isWaiting(text) && desk.advance(10_000),
    });
    assert.equal(status, 6);
    assert.match(
      stderr,
      new RegExp(
        `error: Another program has held lock ${lock} for \\d+ seconds\\. \\[file-locked\\]\n.*rm -f ${lock}`,
      ),
    );
    assert.equal(bytes(), ODD);
  });

  it("goes on when the lock is released", async () => {
    desk.write(".kube/config", ODD);
    const lock = desk.write(".kube/config.lock", "");
    const onErr = (text: string) => isWaiting(text) && fs.rmSync(lock);
    assert.equal((await desk.run(setup("--debug"), { onErr })).status, 0);
    assert.equal(fs.existsSync(lock), false);
  });

  it("leaves the file as it was when the disk is full", async () => {
    desk.write(".kube/config", ODD);
    const empty = fillDisk(path.dirname(desk.kubeconfig));
    const { status, stderr } = await desk.run(setup()).finally(empty);
    assert.equal(status, 6);
    assert.match(
      stderr,
      new RegExp(`error: ${desk.kubeconfig} cannot be written: the disk is full\\. \\[file-unwritable\\]\n`),
    );
    assert.equal(bytes(), ODD);
    assert.deepEqual(fs.readdirSync(path.dirname(desk.kubeconfig)), ["config"]);
    assert.equal((await desk.run(undo)).status, 6, "nothing is recorded that did not happen");
  });

  for (const [what, text, code] of [
    ["malformed", "clusters: [\n", "kubeconfig-invalid"],
    ["of another kind", "- a list\n", "kubeconfig-invalid"],
  ] as const) {
    it(`does not touch a kubeconfig that is ${what}`, async () => {
      desk.write(".kube/config", text);
      const { status, stderr } = await desk.run(setup());
      assert.equal(status, 6);
      assert.match(stderr, new RegExp(`error: .*${desk.kubeconfig}.* \\[${code}\\]\n`));
      assert.equal(bytes(), text);
    });
  }

  for (const [what, text, why, hint] of [
    [
      "has two documents",
      "kind: Config\n---\nkind: Config\n",
      "line 2 starts a second YAML document, but kubectl reads only the first",
      (file: string) =>
        `Move everything from that line onward to a separate file in KUBECONFIG, or remove it: \`vi \\+2 ${file}\``,
    ],
    [
      "gives a key twice",
      "kind: Config\nusers: []\nusers: []\n",
      "lines 2 and 3 have the same key; kubectl uses the last one",
      (file: string) =>
        `Remove one of the two: \`vi \\+3 ${file}\`; what kubectl uses: \`kubectl config view --kubeconfig=${file}\``,
    ],
  ] as const) {
    it(`does not touch a kubeconfig that ${what}, but reads it as kubectl does`, async () => {
      desk.write(".kube/config", text);
      const { status, stderr } = await desk.run(setup());
      assert.equal(status, 6);
      assert.match(
        stderr,
        new RegExp(
          `^error: ${desk.kubeconfig} cannot be edited in place: ${why}\\. \\[kubeconfig-invalid\\]\n${hint(desk.kubeconfig)}\n$`,
          "m",
        ),
      );
      assert.equal(bytes(), text);
      assert.equal((await desk.run(["status"])).status, 0);
    });
  }

  it("does not touch a kubeconfig in UTF-16, and says how to convert it", async () => {
    desk.write(".kube/config", "");
    const text = Buffer.from("\ufeffkind: Config\n", "utf16le");
    fs.writeFileSync(desk.kubeconfig, text);
    const { status, stderr } = await desk.run(setup());
    assert.equal(status, 6);
    assert.match(
      stderr,
      /^error: \S+ cannot be read: its text is UTF-16, little-endian, but must be UTF-8\. \[file-unreadable\]\nConvert it /m,
    );
    assert.deepEqual(fs.readFileSync(desk.kubeconfig), text);
  });

  it("does not touch a kubeconfig whose bytes are no text", async () => {
    desk.write(".kube/config", "");
    fs.writeFileSync(desk.kubeconfig, Buffer.from([0x61, 0xff, 0xfe]));
    const { status, stderr } = await desk.run(setup());
    assert.equal(status, 6);
    assert.match(stderr, /it is not UTF-8 text: the first invalid byte is in line 1\. \[file-unreadable\]/);
  });

  it("says that a folder is in the place of the kubeconfig", async () => {
    desk.write(".kube/config/inside", "");
    const { status, stderr } = await desk.run(setup());
    assert.equal(status, 6);
    assert.match(stderr, /cannot be read: it is a directory\. \[file-unreadable\]/);
  });

  it("says that the folder of the kubeconfig cannot be made", async () => {
    desk.write(".kube", "a file");
    const { status, stderr } = await desk.run(setup());
    assert.equal(status, 6);
    assert.match(stderr, /a part of its path is not a directory\. \[file-unreadable\]/);
  });

  describe("--migrate", () => {
    const DEV_PROFILE = `[profile dev]\nrole_arn = ${LAB_ROLE}\nsource_profile = base\n[profile base]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n`;
    const foreign = () => `apiVersion: v1
kind: Config
clusters:
- name: ours
  cluster: {server: "${desk.lab.cluster.endpoint}"}
contexts:
- {name: by-aws, context: {cluster: ours, user: by-aws}}
- {name: by-authenticator, context: {cluster: ours, user: by-authenticator}}
- {name: by-vouch, context: {cluster: ours, user: by-vouch}}
- {name: somebody-else, context: {cluster: ours, user: somebody-else}}
users:
- name: by-aws
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: aws
      args: [--region, us-east-1, eks, get-token, --cluster-name, lab]
      env: [{name: AWS_PROFILE, value: dev}]
- name: by-authenticator
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: aws-iam-authenticator
      args: [token, -i, lab, -r, "${LAB_ROLE}"]
- name: by-vouch
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: vouch
      args: [credential, eks, --cluster-name, lab, --region, us-east-1]
- name: somebody-else
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: aws
      args: [eks, get-token, --cluster-name, lab, --role-arn, "arn:aws:iam::111122223333:role/Other"]
`;
    const commands = () => {
      const { users } = parse(bytes()) as { users: { name: string; user: { exec: { command: string } } }[] };
      return Object.fromEntries(users.map(({ name, user }) => [name, user.exec.command]));
    };

    it("switches the entries of three other programs, and leaves another role alone", async () => {
      desk.write(".kube/config", foreign());
      desk.write(".aws/config", DEV_PROFILE);
      const { status, stderr } = await desk.run(setup("--migrate"));
      assert.equal(status, 0, stderr);
      const said = stderr.split("\n").filter((line) => line.startsWith("User "));
      assert.deepEqual(said, [
        `User by-aws (context by-aws) switched from aws to kubectl-vouch: its AWS profile dev uses ${LAB_ROLE}`,
        `User by-authenticator (context by-authenticator) switched from aws-iam-authenticator to kubectl-vouch: it assumes ${LAB_ROLE}`,
        "User by-vouch (context by-vouch) switched from vouch to kubectl-vouch: no AWS profile specifies its role",
        `User somebody-else (context somebody-else) stays with aws: it assumes arn:aws:iam::111122223333:role/Other, not ${LAB_ROLE}`,
      ]);
      const { "somebody-else": other, ...ours } = commands();
      assert.equal(other, "aws");
      assert.deepEqual([...new Set(Object.values(ours))], ["kubectl-vouch"]);

      await desk.run(undo);
      assert.equal(bytes(), foreign());
    });

    it("says what it would do with --dry-run, also as an object", async () => {
      desk.write(".kube/config", foreign());
      desk.write(".aws/config", DEV_PROFILE);
      const { stderr } = await desk.run(setup("--migrate", "--dry-run"));
      assert.match(stderr, /^User by-aws \(context by-aws\) would switch from aws to kubectl-vouch: /m);
      const { stdout } = await desk.run(setup("--migrate", "--dry-run", "-o", "json"));
      const { migrations } = JSON.parse(stdout) as { migrations: { user: string; migrated: boolean }[] };
      assert.deepEqual(
        migrations.map(({ user, migrated }) => [user, migrated]),
        [
          ["by-aws", true],
          ["by-authenticator", true],
          ["by-vouch", true],
          ["somebody-else", false],
        ],
      );
      assert.equal(bytes(), foreign());
    });

    it("does nothing of the kind without the flag", async () => {
      desk.write(".kube/config", foreign());
      await desk.run(setup());
      assert.equal(commands()["by-aws"], "aws");
    });
  });
});
