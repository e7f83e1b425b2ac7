import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import {
  type ClusterKey,
  findClusterRecord,
  keepClusterRecord,
} from "../../../token/mint/cluster-records.ts";
import { listTokens } from "../../../token/mint/token-cache.ts";
import { addCluster } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { CLUSTER_INFO_CASES, execInfoFor, ITS_INFO, RECORD } from "../../support/cluster-infos.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { allowClusterReads, CREDENTIAL_WORDS } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

const LAB: ClusterKey = { cluster: LAB_CLUSTER, region: LAB_REGION, account: "111122223333" };
const EVIL = { ...ITS_INFO, server: "https://evil.example" };

/** What the real tools would do with it on a terminal is nobody's to choose: one plain line of text. */
const PLAIN = /^[\x20-\x7e\n]*$/;

suiteOnPosix("lab", "the cluster that a client calls", () => {
  const desk = labDesk();
  const role = ["--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE];
  const setUp = (...flags: string[]) => desk.run(["setup", "eks", ...role, ...flags]);
  const state = () => path.join(desk.home, ".local/state/kubectl-vouch");
  const recorded = (key: Partial<ClusterKey> = {}) => findClusterRecord(state(), { ...LAB, ...key });
  const words = () => [...CREDENTIAL_WORDS, "--server", desk.lab.vouch.url];
  /** Returns the text before. */
  const editKubeconfig = (found: string | RegExp, replacement: string): string => {
    const before = fs.readFileSync(desk.kubeconfig, "utf8");
    const after = before.replace(found, replacement);
    assert.notEqual(after, before);
    fs.writeFileSync(desk.kubeconfig, after);
    return before;
  };
  let parentId = 1000;
  const ask = (asked: unknown, ofProcess?: number) => {
    parentId += 1;
    const env = { KUBERNETES_EXEC_INFO: execInfoFor(asked) };
    return desk.run(words(), { env, answersSecret: true, parentId: ofProcess ?? parentId });
  };
  const labInfo = (fields: object = {}) => ({
    server: desk.lab.cluster.endpoint,
    "certificate-authority-data": Buffer.from(desk.lab.cluster.certificateAuthority).toString("base64"),
    ...fields,
  });

  beforeEach(() => desk.logIn());

  describe("beside a record", () => {
    beforeEach(() => keepClusterRecord(state(), LAB, RECORD));

    it("is given a token only when it is the recorded one, also by the full program", async () => {
      for (const { name, asked, refusal } of CLUSTER_INFO_CASES) {
        const { status, stdout, stderr } = await ask(asked);
        if (refusal === undefined) {
          assert.deepEqual([status, stderr], [0, ""], name);
          continue;
        }
        assert.deepEqual([status, stdout], [6, ""], name);
        assert.match(stderr, /\[cluster-mismatch\]/, name);
        assert.ok(stderr.includes(RECORD.host), `${name}: ${stderr}`);
        assert.match(stderr, /`kubectl vouch setup eks --cluster lab --region us-east-1 --role /, name);
        assert.match(stderr, PLAIN, name);
      }
    });

    it("is told with the recorded one, and with the commands to run", async () => {
      const { stderr } = await ask(EVIL);
      const setup = `kubectl vouch setup eks ${role.join(" ")} --server ${desk.lab.vouch.url}`;
      assert.equal(
        stderr,
        "error: No token for cluster lab (us-east-1, account 111122223333): the client calls evil.example (CA dd2b7e101661309b); " +
          `setup recorded ${RECORD.host} (CA dd2b7e101661309b). [cluster-mismatch]\n` +
          `If the cluster was recreated, record it again: \`${setup}\`; otherwise check the entry: \`kubectl vouch doctor --context lab-vouch\`\n`,
      );
    });

    for (const [asked, said] of [
      [
        { ...ITS_INFO, server: "https://\u001b[2Jx\u202e\u0085" },
        '"https://\\\\u001b\\[2Jx\\\\u202e\\\\u0085"',
      ],
      [{ ...ITS_INFO, server: "x".repeat(9999) }, `"x{120}"`],
      [{ server: RECORD.host }, `"${RECORD.host}" with the system CAs`],
      [{}, "an invalid address with the system CAs"],
      ["text", "something that is not a cluster"],
    ] as const) {
      it(`is told without what a terminal would act on: ${said}`, async () => {
        const { stderr } = await ask(asked);
        assert.match(stderr, new RegExp(`the client calls ${said}`));
        assert.match(stderr, PLAIN);
      });
    }

    it("is told once to a process that asks again, and does not stand in the way of the right one", async () => {
      assert.match((await ask(EVIL, 7)).stderr, /cluster-mismatch/);
      assert.deepEqual(await ask(EVIL, 7), { status: 6, stdout: "", stderr: "" });
      assert.equal((await ask(ITS_INFO, 7)).status, 0);
      assert.equal((await ask(EVIL, 7)).status, 6);
    });

    it("asks for no login, where it is the wrong one", async () => {
      fs.rmSync(`${state()}/current.json`);
      const terminal = scriptedTerminal();
      const info = execInfoFor(EVIL).replace('"interactive":false', '"interactive":true');
      const { status } = await desk.run(words(), { env: { KUBERNETES_EXEC_INFO: info }, terminal });
      assert.deepEqual([status, terminal.shown()], [6, ""]);
    });

    it("is not answered for by a file that is no record", async () => {
      const [name = ""] = fs.readdirSync(`${state()}/clusters`);
      fs.writeFileSync(`${state()}/clusters/${name}`, "{");
      const { status, stdout, stderr } = await ask(EVIL);
      assert.deepEqual([status, stdout], [6, ""]);
      assert.match(
        stderr,
        /is not a valid setup record of cluster lab\. \[file-unreadable\]\nRecord it again: `/,
      );
      const [, again = ""] = /Record it again: `kubectl vouch (.*)`/.exec(stderr) ?? [];
      const repaired = await desk.run(again.split(" "));
      assert.equal(repaired.status, 0, repaired.stderr);
      assert.equal((await ask(labInfo())).status, 0);
    });
  });

  it("is answered, where no setup recorded it and nothing says that it must be", async () => {
    assert.equal((await ask(EVIL)).status, 0);
    assert.equal((await ask({ ...EVIL, "insecure-skip-tls-verify": true })).status, 6);
  });

  describe("after setup", () => {
    beforeEach(() => allowClusterReads(desk.lab));

    it("is recorded, and written into the entry to be said", async () => {
      assert.equal((await setUp()).status, 0);
      const { host, caData } = recorded() ?? assert.fail("nothing is recorded");
      assert.equal(host, "127.0.0.1");
      assert.equal(caData, labInfo()["certificate-authority-data"]);
      assert.match(fs.readFileSync(desk.kubeconfig, "utf8"), /^ {6}provideClusterInfo: true$/m);
      assert.deepEqual(
        listTokens(state()).map(({ record }) => record),
        [{ host, caData }],
      );
      assert.equal((await ask(labInfo())).status, 0);
      assert.equal((await ask(EVIL)).status, 6);
    });

    it("is recorded by nothing that only shows", async () => {
      await setUp("--dry-run");
      await setUp("--dry-run", "--diff");
      assert.equal(recorded(), undefined);
    });

    it("is recorded again when it was recreated; then the one before gets no token", async () => {
      await setUp();
      Object.assign(desk.lab.cluster, { endpoint: "https://new.gr7.us-east-1.eks.amazonaws.com" });
      assert.equal((await ask(labInfo())).status, 6);
      await setUp();
      assert.equal(recorded()?.host, "new.gr7.us-east-1.eks.amazonaws.com");
      assert.equal((await ask(labInfo())).status, 0);
      assert.equal((await ask(labInfo({ server: "https://127.0.0.1" }))).status, 6);
    });

    it("has the name that its entry demands of the certificate, and setup says so", async () => {
      await setUp();
      editKubeconfig("    server:", "    tls-server-name: Kubernetes\n    server:");
      const { stderr } = await setUp();
      assert.match(
        stderr,
        /^ {2}\(its tls-server-name is still Kubernetes: tokens are issued only for that name\)$/m,
      );
      assert.equal(recorded()?.host, "kubernetes");
      assert.equal((await ask(labInfo({ "tls-server-name": "Kubernetes" }))).status, 0);
      assert.equal((await ask(labInfo())).status, 6);
    });

    it("loses a tls-server-name that is not its own, and is recorded by its own name", async () => {
      await setUp();
      const before = editKubeconfig("    server:", "    tls-server-name: wrong.example\n    server:");
      const { stderr } = await setUp();
      assert.match(
        stderr,
        /^ {2}\(tls-server-name wrong\.example removed: the cluster's certificate is not valid for it\)$/m,
      );
      assert.equal(fs.readFileSync(desk.kubeconfig, "utf8"), before);
      assert.equal(recorded()?.host, "127.0.0.1");
      assert.equal((await ask(labInfo())).status, 0);
    });

    it("keeps the address of a tunnel, and setup says so", async () => {
      await setUp();
      const tunnel = "    tls-server-name: 127.0.0.1\n    server: https://localhost:8443";
      editKubeconfig(/ {4}server: https.*/, tunnel);
      const { stderr } = await setUp();
      assert.match(
        stderr,
        /^ {2}\(its server is still https:\/\/localhost:8443, the local end of a tunnel\)$/m,
      );
      assert.ok(fs.readFileSync(desk.kubeconfig, "utf8").includes(tunnel));
      const { stdout } = await setUp("-o", "json");
      assert.equal(JSON.parse(stdout).contexts[0].tunnel, "https://localhost:8443");
      const near = labInfo({ server: "https://localhost:8443", "tls-server-name": "127.0.0.1" });
      assert.equal((await ask(near)).status, 0);
    });

    it("gets its own CA in place of a file beside which kubectl accepts none", async () => {
      await setUp();
      editKubeconfig(/certificate-authority-data: .*/, "certificate-authority: /nowhere/ca.pem");
      await setUp();
      assert.doesNotMatch(fs.readFileSync(desk.kubeconfig, "utf8"), /certificate-authority:/);
    });

    it("is told how to be called through a tunnel, which is how it then gets its token", async () => {
      await setUp();
      keepClusterRecord(state(), LAB, RECORD);
      const near = { ...ITS_INFO, server: "https://localhost:8443" };
      const { stderr } = await ask(near);
      assert.match(
        stderr,
        /\nIf this is a tunnel to the cluster, set the name in its certificate: `kubectl config set-cluster vouch-eks\/111122223333\/us-east-1\/lab --tls-server-name=0a1b.*\.amazonaws\.com`; otherwise /,
      );
      const [, name] = /--tls-server-name=([^`]+)`/.exec(stderr) ?? [];
      assert.equal((await ask({ ...near, "tls-server-name": name })).status, 0);
    });

    it("is asked for by setup, where other contexts of ours do not say it", async () => {
      addCluster(desk.lab.world, {
        name: "old",
        endpoint: "https://old.example",
        certificateAuthority: "ca",
      });
      const old = ["setup", "eks", "--cluster", "old", "--region", LAB_REGION, "--role", LAB_ROLE];
      await desk.run(old);
      editKubeconfig("      provideClusterInfo: true\n", "");
      assert.match(
        (await setUp()).stderr,
        /^\(old-vouch: kubectl does not tell kubectl-vouch which cluster it connects to; to change that, set it up again\)$/m,
      );
      assert.doesNotMatch((await desk.run(old)).stderr, /does not tell/);
    });

    it("is checked again: an entry of ours loses insecure-skip-tls-verify", async () => {
      await setUp();
      const before = editKubeconfig("    server:", "    insecure-skip-tls-verify: true\n    server:");
      await setUp();
      assert.equal(fs.readFileSync(desk.kubeconfig, "utf8"), before);
    });

    it("is forgotten by --undo, with the last context of it", async () => {
      await setUp();
      await setUp("--context-name", "second");
      await desk.run(["setup", "eks", "--undo"]);
      assert.notEqual(recorded(), undefined);
      await desk.run(["setup", "eks", "--undo"]);
      assert.equal(recorded(), undefined);
    });

    it("is kept by --undo where the kubeconfig cannot be read", async () => {
      await setUp();
      await setUp("--context-name", "second");
      fs.writeFileSync(desk.kubeconfig, "{");
      await desk.run(["setup", "eks", "--undo"]);
      assert.notEqual(recorded(), undefined);
    });

    it("is forgotten by --prune when it is gone, and no other is", async () => {
      const { clusters } = desk.lab.world;
      addCluster(desk.lab.world, {
        name: "old",
        endpoint: "https://old.example",
        certificateAuthority: "ca",
      });
      const all = ["setup", "eks", "--all", "--region", LAB_REGION, "--role", LAB_ROLE];
      await desk.run(all);
      assert.equal(recorded({ cluster: "old" })?.host, "old.example");
      clusters.splice(0, clusters.length, ...clusters.filter(({ name }) => name === LAB_CLUSTER));
      await desk.run([...all, "--prune"]);
      assert.equal(recorded({ cluster: "old" }), undefined);
      assert.notEqual(recorded(), undefined);
    });
  });

  describe("where requireClusterInfo is set", () => {
    const config = (text: string) => desk.write(".config/kubectl-vouch/config.yaml", text);
    const logIn = () =>
      desk.run(["login", "--pin-stdin", "--key-store", "file"], { stdin: `${LAB_PIN}\n`, terminal: "none" });
    const reasons = {
      "the client does not pass the cluster that it connects to, but requireClusterInfo is set": undefined,
      "the client calls evil.example .*, but setup did not record this cluster, and requireClusterInfo is set":
        EVIL,
    };

    for (const [how, copy] of Object.entries({
      login: logIn,
      "setup eks": () => setUp(),
      "setup aws": () => desk.run(["setup", "aws", "--role", LAB_ROLE, "--region", LAB_REGION]),
    })) {
      it(`must be said and recorded, and from the next ${how} on until one finds it not set any more`, async () => {
        assert.equal((await ask(undefined)).status, 0);
        config("requireClusterInfo: true\n");
        assert.equal((await ask(undefined)).status, 6, "where the warm path does not answer");
        await copy();
        assert.equal((await ask(undefined)).status, 6);
        config("requireClusterInfo: false\n");
        assert.equal((await ask(undefined)).status, 6);
        await copy();
        assert.equal((await ask(undefined)).status, 0);
      });
    }

    for (const [reason, asked] of Object.entries(reasons)) {
      it(`gets no token, since ${reason}`, async () => {
        config("requireClusterInfo: true\n");
        await logIn();
        const { status, stdout, stderr } = await ask(asked);
        assert.deepEqual([status, stdout], [6, ""]);
        assert.match(
          stderr,
          new RegExp(
            `: ${reason}\\. \\[cluster-mismatch\\]\nWrite and record the entry: \`kubectl vouch setup eks `,
          ),
        );
      });
    }

    it("gets a token when it is said and recorded, and setup can still mint", async () => {
      config("requireClusterInfo: true\n");
      await logIn();
      assert.match((await setUp()).stderr, /^Works: you are /m);
      assert.equal((await ask(labInfo())).status, 0);
      assert.equal((await ask(EVIL)).status, 6);
      assert.equal((await desk.run(["whoami"])).status, 0);
      desk.write(".kube/config", desk.read(".kube/config").replace(/^current-context: .*$/m, ""));
      assert.equal((await desk.run(["whoami"])).status, 6, "no current context");
      assert.equal((await desk.run(["whoami", "--context", "lab-vouch"])).status, 0);
    });

    it("stays so through logout, and a login that a client begins", async () => {
      config("requireClusterInfo: true\n");
      await logIn();
      await desk.run(["logout"]);
      const env = {
        KUBERNETES_EXEC_INFO: execInfoFor(labInfo()).replace('"interactive":false', '"interactive":true'),
      };
      keepClusterRecord(state(), LAB, { host: "127.0.0.1", caData: labInfo()["certificate-authority-data"] });
      const terminal = scriptedTerminal([LAB_PIN]);
      const { status, stderr } = await desk.run(words(), { env, terminal, answersSecret: true });
      assert.equal(status, 0, stderr);
      assert.equal((await ask(undefined)).status, 6);
    });

    it("is shown with what it comes from, also while it is not in force everywhere", async () => {
      const shown = async () => {
        const { stdout } = await desk.run(["config", "view", "--show-origin"]);
        return /^requireClusterInfo +(.*)$/m.exec(stdout)?.[1]?.replaceAll(/ +/g, " ");
      };
      assert.equal(await shown(), "false default");
      const file = config("requireClusterInfo: true\n");
      const rest = "it applies to cached tokens after the next login, setup or config set";
      assert.equal(await shown(), `true ${file}; ${rest}`);
      await logIn();
      assert.equal(await shown(), `true ${file}`);
    });

    it("takes no other word than true and false", async () => {
      config("requireClusterInfo: 'yes'\n");
      const { status, stderr } = await desk.run(["status"]);
      assert.equal(status, 6);
      assert.match(stderr, /requireClusterInfo must be true or false\. \[config-invalid\]/);
    });
  });

  it("is compared by whoami too, which sends a token itself", async () => {
    await setUp();
    editKubeconfig("https://127.0.0.1", "https://localhost");
    const { status, stdout, stderr } = await desk.run(["whoami", "--context", "lab-vouch"]);
    assert.deepEqual([status, stdout], [6, ""]);
    assert.match(
      stderr,
      /the client calls localhost \(CA .*; setup recorded 127\.0\.0\.1 .*\[cluster-mismatch\]/,
    );
  });
});
