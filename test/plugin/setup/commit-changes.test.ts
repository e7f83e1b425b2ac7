import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setUpAwsProfile } from "../../../plugin/setup/aws-setup.ts";
import { commitChanges } from "../../../plugin/setup/commit-changes.ts";
import { planEks } from "../../../plugin/setup/eks-plan.ts";
import { type FileChange, readJournal } from "../../../plugin/setup/setup-journal.ts";
import { undoSetup } from "../../../plugin/setup/undo/undo-plan.ts";
import { readTextFile } from "../../../token/files/plain-file.ts";
import { onPosix } from "../../support/platform.ts";
import { labEntry } from "./lab-entry.ts";

const NOON = Date.parse("2026-01-15T12:00:00Z");
const CANARY = "canary-token-5c1e";
const KUBECONFIG = `# mine\r\nusers:\r\n- name: kind\r\n  user: {token: ${CANARY}}\r\n`;

describe("writing and undoing a setup", () => {
  let folder: string;
  let file: string;
  let now: number;
  const at = (...parts: string[]) => path.join(folder, ...parts);
  const place = (more: object = {}) => ({
    stateDir: at("state"),
    clock: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
    ...more,
  });
  const setUp = (more: object = {}, paths = [file]) =>
    commitChanges(place(more), () => planEks({ paths, entries: [labEntry()] }));
  const undone = async (kind: FileChange["kind"] = "kubeconfig", files = [file]) => {
    const { result } = await undoSetup(place(), { kind, files });
    return result.files.map(({ path: changed, how }) => ({ path: changed, how }));
  };
  const text = () => fs.readFileSync(file, "utf8");
  const change = (name: string, before: string | undefined, after: string): FileChange => ({
    kind: "kubeconfig",
    path: at(name),
    before,
    after,
    entries: [],
  });

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "commit-"));
    file = at("config");
    now = NOON;
    fs.writeFileSync(file, KUBECONFIG, { mode: 0o640 });
    fs.chmodSync(file, 0o640);
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  onPosix("modes", "keeps the mode, backs up privately, and leaves nothing else behind", async () => {
    await setUp();
    assert.deepEqual(fs.readdirSync(folder).sort(), ["config", "state"]);
    assert.equal(fs.statSync(file).mode & 0o777, 0o640);
    const [step] = readJournal(at("state"));
    assert.deepEqual(
      step?.files.map(({ path: changed, entries }) => [changed, entries]),
      [
        [
          file,
          [
            { section: "clusters", name: "vouch-eks/111122223333/us-east-1/lab" },
            { section: "users", name: "vouch-eks/111122223333/us-east-1/lab/VouchDeveloper" },
            { section: "contexts", name: "lab-vouch" },
            { section: "current-context", name: "lab-vouch" },
          ],
        ],
      ],
    );
    assert.deepEqual([step?.kind, step?.time], ["kubeconfig", "2026-01-15T12:00:00.000Z"]);
    const modes = [
      "state",
      "state/backups",
      "state/setup-journal.json",
      `state/backups/${step?.files[0]?.before}`,
    ].map((name) => fs.statSync(at(name)).mode & 0o777);
    assert.deepEqual(modes, [0o700, 0o700, 0o600, 0o600]);
    assert.ok(!fs.readFileSync(at("state/setup-journal.json"), "utf8").includes(CANARY));
  });

  it("records nothing when there is nothing to change", async () => {
    await setUp();
    await setUp();
    assert.equal(readJournal(at("state")).length, 1);
  });

  onPosix("modes", "makes a new kubeconfig private, in a private folder, and undo removes it", async () => {
    file = at("home", ".kube", "config");
    await setUp();
    assert.deepEqual(
      [fs.statSync(file).mode & 0o777, fs.statSync(path.dirname(file)).mode & 0o777],
      [0o600, 0o700],
    );
    assert.deepEqual(await undone(), [{ path: file, how: "removed" }]);
    assert.equal(fs.existsSync(file), false);
  });

  onPosix("links", "writes through a link, there and back", async () => {
    fs.symlinkSync("config", at("link"));
    await setUp({}, [at("link")]);
    assert.match(text(), /lab-vouch/);
    await undone();
    assert.deepEqual([text(), fs.readlinkSync(at("link"))], [KUBECONFIG, "config"]);
  });

  onPosix("links", "makes what a dangling link leads to, and undo leaves the link", async () => {
    fs.symlinkSync("later", at("link"));
    await setUp({}, [at("link")]);
    assert.ok(fs.existsSync(at("later")));
    await undone("kubeconfig", [at("link")]);
    assert.deepEqual([fs.existsSync(at("later")), fs.readlinkSync(at("link"))], [false, "later"]);
  });

  onPosix("shell", "waits for kubectl's lock, and says who is in the way", async () => {
    fs.writeFileSync(`${file}.lock`, "");
    await assert.rejects(setUp(), {
      code: "file-locked",
      hint: `If no kubectl is running, run \`rm -f ${file}.lock\` and try again.`,
    });
    assert.equal(text(), KUBECONFIG);
    assert.deepEqual(fs.readdirSync(folder).sort(), ["config", "config.lock", "state"]);
    const letGo = async (ms: number) => {
      now += ms;
      fs.rmSync(`${file}.lock`, { force: true });
    };
    await setUp({ sleep: letGo });
    assert.match(text(), /lab-vouch/);
  });

  onPosix("links", "also honours the lock of the file a link leads to", async () => {
    fs.symlinkSync("config", at("link"));
    fs.writeFileSync(`${file}.lock`, "");
    await assert.rejects(setUp({}, [at("link")]), { code: "file-locked" });
    assert.ok(!fs.existsSync(at("link.lock")));
  });

  it("plans again when another program writes in between", async () => {
    let plans = 0;
    await commitChanges(place(), () => {
      const plan = planEks({ paths: [file], entries: [labEntry()] });
      plans += 1;
      if (plans === 1) fs.appendFileSync(file, "# theirs\r\n");
      return plan;
    });
    assert.equal(plans, 2);
    assert.match(text(), /# theirs[\s\S]*lab-vouch|lab-vouch[\s\S]*# theirs/);
  });

  it("gives up when the file never stands still", async () => {
    const plan = () => {
      const planned = planEks({ paths: [file], entries: [labEntry()] });
      fs.appendFileSync(file, "# theirs\r\n");
      return planned;
    };
    await assert.rejects(commitChanges(place(), plan), { code: "file-changed" });
    assert.doesNotMatch(text(), /lab-vouch/);
  });

  it("sets up from several terminals at once, and loses none", async () => {
    const regions = ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1"];
    await Promise.all(
      regions.map((region) =>
        commitChanges({ stateDir: at("state"), clock: Date.now }, () =>
          planEks({
            paths: [file],
            entries: [labEntry({ region, endpoint: `https://${region}`, clusterName: region })],
          }),
        ),
      ),
    );
    assert.deepEqual(
      regions.filter((region) => !text().includes(`name: ${region}-vouch`)),
      [],
    );
    assert.equal(readJournal(at("state")).length, 5);
  });

  describe("on a full disk", () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    /** Fails at the n-th write of the whole command. */
    const failingAt = (count: number) => {
      let writes = 0;
      const writeSync = ((...args: Parameters<typeof fs.writeSync>) => {
        writes += 1;
        if (writes === count) {
          fs.writeSync(args[0], "half");
          throw full;
        }
        return fs.writeSync(...args);
      }) as typeof fs.writeSync;
      return { calls: { ...fs, writeSync } };
    };

    for (const [count, what] of [
      [1, "the backup"],
      [2, "the backup of what comes after"],
      [3, "the journal"],
      [4, "the kubeconfig"],
    ] as const) {
      it(`leaves the file whole when ${what} cannot be written`, async () => {
        await assert.rejects(setUp(failingAt(count)), {
          code: "file-unwritable",
          message: /cannot be written: the disk is full\.$/,
        });
        assert.equal(text(), KUBECONFIG);
        assert.deepEqual(readJournal(at("state")), []);
        const left = fs
          .readdirSync(folder, { recursive: true })
          .map(String)
          .filter((name) => /lock|tmp/.test(name));
        assert.deepEqual(left, []);
      });
    }

    it("puts back the first of two files when the second cannot be written", async () => {
      fs.writeFileSync(at("b"), "old");
      const plan = {
        changes: [change("config", KUBECONFIG, "new"), change("b", "old", "new")],
        result: undefined,
      };
      await assert.rejects(
        commitChanges(place(failingAt(6)), () => plan),
        { code: "file-unwritable" },
      );
      assert.deepEqual(
        [text(), fs.readFileSync(at("b"), "utf8"), readJournal(at("state"))],
        [KUBECONFIG, "old", []],
      );
    });
  });

  describe("undo", () => {
    it("has nothing to undo at first, and in the end", async () => {
      await assert.rejects(undone(), { code: "undo-impossible" });
      await setUp();
      await undone();
      await assert.rejects(undone(), { code: "undo-impossible" });
      assert.deepEqual(fs.readdirSync(at("state/backups")), []);
    });

    it("gives back what it replaced when the file was changed since", async () => {
      await setUp();
      const first = text();
      await commitChanges(place(), () =>
        planEks({ paths: [file], entries: [labEntry({ endpoint: "https://new.example" })] }),
      );
      fs.appendFileSync(file, "# theirs\r\n");
      assert.deepEqual(await undone(), [{ path: file, how: "entries" }]);
      assert.equal(text(), `${first}# theirs\r\n`);
      await undone();
      assert.equal(text(), `${KUBECONFIG}clusters: []\r\ncontexts: []\r\n# theirs\r\n`);
    });

    it("keeps the cluster and user that a context of somebody else uses by now", async () => {
      await setUp();
      const key = "vouch-eks/111122223333/us-east-1/lab";
      fs.writeFileSync(
        file,
        text().replace(
          "contexts:\r\n",
          `contexts:\r\n- name: own\r\n  context: {cluster: ${key}, user: ${key}/VouchDeveloper}\r\n`,
        ),
      );
      await undone();
      assert.match(text(), new RegExp(`name: ${key}\r\n`));
      assert.match(text(), new RegExp(`name: ${key}/VouchDeveloper\r\n`));
      assert.doesNotMatch(text(), /lab-vouch/);
    });

    onPosix("shell", "names the backup of a file that is gone, and keeps it", async () => {
      await setUp();
      fs.rmSync(file);
      for (const _again of [1, 2]) {
        const refused = await undone().catch((error) => error);
        assert.equal(refused.message, `${file} no longer exists.`);
        const [, backup = ""] = /`cp (?:-- )?(\S+) /.exec(refused.hint) ?? [];
        assert.equal(fs.readFileSync(backup, "utf8"), KUBECONFIG);
      }
    });

    it("finds nothing to do where the file that setup created is gone", async () => {
      fs.rmSync(file);
      await setUp();
      fs.rmSync(file);
      assert.deepEqual(await undone(), [{ path: file, how: "unchanged" }]);
    });

    it("changes nothing when the backup is gone or the file is broken", async () => {
      await setUp();
      const written = text();
      const [step] = readJournal(at("state"));
      fs.writeFileSync(file, "clusters: oops\r\n");
      await assert.rejects(undone(), { code: "kubeconfig-invalid" });
      fs.writeFileSync(file, written);
      fs.rmSync(at("state/backups", step?.files[0]?.before ?? ""));
      await assert.rejects(undone(), {
        code: "undo-impossible",
        message: `The backup of ${file} is missing or damaged.`,
      });
      assert.equal(text(), written);
    });

    it("says so when the journal is not ours", async () => {
      await setUp();
      fs.writeFileSync(at("state/setup-journal.json"), "[]");
      await assert.rejects(undone(), {
        code: "undo-impossible",
        message: /is not a kubectl-vouch journal\.$/,
      });
    });

    it("keeps kubeconfig and AWS config apart", async () => {
      const config = { path: at("aws-config"), text: undefined };
      const credentials = { path: at("credentials"), text: undefined };
      const wish = {
        role: "arn:aws:iam::111122223333:role/Dev",
        via: [],
        server: "https://us.vouch.sh",
        command: "kubectl-vouch",
        region: "us-east-1",
      };
      const setUpAws = (role: string) =>
        commitChanges(place(), () => {
          const { changes, ...result } = setUpAwsProfile(
            { config: { ...config, text: readTextFile(config.path) }, credentials },
            { ...wish, role, profile: "vouch" },
          );
          return { changes, result };
        });
      await setUpAws(wish.role);
      const first = fs.readFileSync(config.path, "utf8");
      await setUp();
      await setUpAws("arn:aws:iam::111122223333:role/Ops");
      await undone();
      assert.equal(text(), KUBECONFIG);

      fs.appendFileSync(config.path, "[profile theirs]\n");
      assert.deepEqual(await undone("aws-config", [config.path]), [{ path: config.path, how: "entries" }]);
      assert.equal(fs.readFileSync(config.path, "utf8"), `${first}[profile theirs]\n`);
      await undone("aws-config", [config.path]);
      assert.equal(fs.readFileSync(config.path, "utf8"), "[profile theirs]\n");
    });
  });
});
