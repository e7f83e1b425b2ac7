import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { commitChanges } from "../../../plugin/setup/commit-changes.ts";
import { INSTALL_HINT } from "../../../plugin/setup/eks-entry.ts";
import { planEks } from "../../../plugin/setup/eks-plan.ts";
import { lockPath, withFileLock } from "../../../token/files/file-lock.ts";
import { SECTIONS } from "../../../token/kubeconfig/kubeconfig-document.ts";
import {
  kubeconfigPaths,
  readKubeconfigs,
  resolvedBody,
} from "../../../token/kubeconfig/kubeconfig-files.ts";
import { type KubeconfigView, SECTION_NAMES } from "../../../token/kubeconfig/kubeconfig-view.ts";
import { ambientEntry, labEntry, profileEntry } from "../../plugin/setup/lab-entry.ts";
import { oddKubeconfig, seededRandom } from "../../plugin/setup/odd-kubeconfig.ts";
import { fetchKubectl, KUBECTL_RELEASES, type KubectlRelease } from "./fetch.ts";

const ROUNDS = 15;

for (const release of KUBECTL_RELEASES)
  describe(`kubeconfig files, as kubectl 1.${release.slice(1)} has them`, () => judgedBy(release));

function judgedBy(release: KubectlRelease): void {
  let program = "";
  let folder: string;
  const at = (name: string) => path.join(folder, name);

  before(async () => {
    program = await fetchKubectl(release);
  });
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubeconfig-peer-"));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  function kubectl(KUBECONFIG: string, ...args: string[]) {
    const env = { HOME: folder, KUBECONFIG };
    const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: "utf8", cwd: folder });
    return { status, stdout, stderr };
  }

  function merged(KUBECONFIG: string): Record<string, unknown> {
    const { status, stdout, stderr } = kubectl(KUBECONFIG, "config", "view", "--raw", "-o", "json");
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
  }

  const viewOf = (KUBECONFIG: string) =>
    readKubeconfigs(kubeconfigPaths({ env: { KUBECONFIG }, platform: process.platform, homeDir: folder }));

  /** What the entries of kubectl's view say, in our words: only the fields our generator writes. */
  function theirEntries(KUBECONFIG: string) {
    const view = merged(KUBECONFIG);
    return SECTION_NAMES.map((section) => {
      const items = (view[section] ?? []) as Record<string, unknown>[];
      return [section, items.map((item) => [item["name"], summary(item[SECTIONS[section]])]).sort()];
    });
  }

  function ourEntries(view: KubeconfigView) {
    return SECTION_NAMES.map((section) => [
      section,
      [...view.entries[section]].map(([name, { body }]) => [name, summary(body)]).sort(),
    ]);
  }

  /** Fields that both sides show alike. */
  function summary(body: unknown): unknown {
    const { server, token, namespace, cluster, user, exec, ...rest } = (body ?? {}) as Record<
      string,
      unknown
    >;
    const { command, args } = (exec ?? {}) as Record<string, unknown>;
    return JSON.stringify([
      server || null,
      token || null,
      namespace || null,
      cluster || null,
      user || null,
      command ?? null,
      args ?? null,
      rest["certificate-authority"] || null,
      rest["tokenFile"] || null,
      rest["client-key"] || null,
    ]);
  }

  it("merges alike", () => {
    for (let seed = 1; seed <= ROUNDS; seed += 1) {
      const list = writeFiles(seed, folder);
      const view = viewOf(list);
      assert.deepEqual(ourEntries(view), theirEntries(list), `seed ${seed}`);
      assert.equal(
        view.currentContext?.name ?? "",
        merged(list)["current-context"],
        `current context of seed ${seed}`,
      );
    }
  });

  it("reads of several documents the first, and of equal keys the last", () => {
    const entry = (name: string) =>
      `contexts:\n- {name: ${name}, context: {cluster: ${name}, user: ${name}}}\n`;
    for (const text of [
      `${entry("a")}---\n${entry("b")}`,
      `---\n---\n${entry("b")}`,
      `${entry("a")}---\nx: [\n`,
      `${entry("a")}---\n`,
      entry("a") + entry("b"),
      "contexts:\n- {name: a, name: b, context: {cluster: c, cluster: d}}\n",
      "current-context: a\ncurrent-context: b\n",
    ]) {
      fs.writeFileSync(at("odd"), text);
      const view = viewOf(at("odd"));
      assert.deepEqual(ourEntries(view), theirEntries(at("odd")), text);
      assert.equal(view.currentContext?.name ?? "", merged(at("odd"))["current-context"], text);
    }
  });

  it("reads UTF-16 where a byte order mark says so, and we refuse it by its name", () => {
    const text = Buffer.from("\ufeffcurrent-context: a\n", "utf16le");
    const refuses = (message: RegExp) =>
      assert.throws(() => viewOf(at("utf16")), { code: "file-unreadable", message });
    for (const bytes of [text, Buffer.from(text).swap16()]) {
      fs.writeFileSync(at("utf16"), bytes);
      assert.equal(merged(at("utf16"))["current-context"], "a");
      refuses(/its text is UTF-16, \w+-endian, but must be UTF-8\.$/);
      fs.writeFileSync(at("utf16"), bytes.subarray(2));
      assert.equal(kubectl(at("utf16"), "config", "view").status, 1);
      refuses(/its text is UTF-16, \w+-endian, without byte order mark, but must be UTF-8\.$/);
    }
  });

  it("reads relative files from the folder of their kubeconfig", () => {
    const files = ["one", "two"].map((name) => {
      fs.mkdirSync(at(name));
      fs.writeFileSync(path.join(at(name), "ca.crt"), `CA of ${name}`);
      const file = path.join(at(name), "config");
      fs.writeFileSync(file, `clusters:\n- name: ${name}\n  cluster: {certificate-authority: ./ca.crt}\n`);
      return file;
    });
    const list = files.join(":");
    const { stdout } = kubectl(list, "config", "view", "--raw", "--flatten", "-o", "json");
    const theirs = (JSON.parse(stdout).clusters as { name: string; cluster: Record<string, string> }[]).map(
      ({ name, cluster }) => [
        name,
        Buffer.from(cluster["certificate-authority-data"] ?? "", "base64").toString(),
      ],
    );
    const ours = [...viewOf(list).entries.clusters].map(([name, entry]) => {
      return [
        name,
        fs.readFileSync(String(resolvedBody("clusters", entry)["certificate-authority"]), "utf8"),
      ];
    });
    assert.deepEqual(ours, theirs);
  });

  it("writes into the same file", () => {
    for (let seed = 1; seed <= ROUNDS; seed += 1) {
      const list = writeFiles(seed, folder);
      const names = list.split(":").filter((name) => name !== "");
      for (const [section, ...set] of [
        ["clusters", "set-cluster", "shared"],
        ["clusters", "set-cluster", "brand-new"],
        ["contexts", "set-context", "shared"],
        ["users", "set-credentials", "brand-new"],
      ] as const) {
        const flag = {
          clusters: "--server=https://peer",
          contexts: "--namespace=peer",
          users: "--token=peer",
        }[section];
        const before = names.map(textOf);
        const view = viewOf(list);
        const expected = view.entries[section].get(set[1])?.path ?? view.newEntryPath;
        const { status, stderr } = kubectl(list, "config", ...set, flag);
        assert.equal(status, 0, stderr);
        const changed = names.filter((name, index) => textOf(name) !== before[index]);
        assert.deepEqual(changed, [expected], `seed ${seed}: ${set.join(" ")}`);
      }
    }
  });

  it("puts the current context where we would", () => {
    for (let seed = 1; seed <= ROUNDS; seed += 1) {
      const list = writeFiles(seed, folder);
      kubectl(list, "config", "set-context", "target");
      const names = list.split(":").filter((name) => name !== "");
      const before = names.map(textOf);
      const { newEntryPath } = viewOf(list);
      assert.equal(kubectl(list, "config", "use-context", "target").status, 0);
      assert.deepEqual(
        names.filter((name, index) => textOf(name) !== before[index]),
        [newEntryPath],
        `seed ${seed}`,
      );
    }
  });

  it("reads what we write into files of every style", async () => {
    const kinds = [
      {
        entry: labEntry(),
        who: ["--role", labEntry().source.role, "--server", "https://us.vouch.sh"],
      },
      { entry: profileEntry("Ops: team 1"), who: ["--profile", "Ops: team 1"] },
      { entry: ambientEntry(), who: ["--ambient"] },
    ];
    const file = at("config");
    let tried = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      fs.writeFileSync(file, oddKubeconfig(seed));
      // Some of the odd files hold what only other programs take, such as `token: no`.
      if (kubectl(file, "config", "view", "--raw").status !== 0) continue;
      tried += 1;
      const before = merged(file);
      const place = { stateDir: at(`state-${seed}`), clock: Date.now };
      const { entry, who } = kinds[seed % kinds.length] ?? assert.fail("there are kinds");
      await commitChanges(place, () => planEks({ paths: [file], entries: [entry] }));
      const { context, cluster, user } = checkedEntries(file, before, seed);
      assert.deepEqual(context, { cluster: cluster.name, user: user.name });
      assert.equal(cluster.server, labEntry().endpoint);
      assert.deepEqual(user.exec, {
        apiVersion: "client.authentication.k8s.io/v1",
        args: ["credential", "eks", "--cluster-name", "lab", "--region", "us-east-1", ...who],
        command: "kubectl-vouch",
        env: null,
        installHint: INSTALL_HINT,
        interactiveMode: "Never",
        provideClusterInfo: true,
      });
    }
    assert.ok(tried > 15, `${tried} of the odd files are kubectl's`);
  });

  /** Our entries as kubectl sees them, after it is sure that all others are as before. */
  function checkedEntries(file: string, before: Record<string, unknown>, seed: number) {
    const after = merged(file);
    const ours = { clusters: "", contexts: "", users: "" };
    for (const section of SECTION_NAMES) {
      const old = (before[section] ?? []) as { name: string }[];
      const now = (after[section] ?? []) as { name: string }[];
      const added = now.filter(({ name }) => !old.some((item) => item.name === name));
      assert.equal(added.length, 1, `one more of ${section}, seed ${seed}`);
      assert.deepEqual(
        now.filter((item) => item !== added[0]),
        old,
        `${section} of seed ${seed}`,
      );
      ours[section] = added[0]?.name ?? "";
    }
    const find = (section: "clusters" | "contexts" | "users") =>
      ((after[section] ?? []) as Record<string, unknown>[]).find(({ name }) => name === ours[section]) ?? {};
    const { cluster: contextCluster, user: contextUser } = find("contexts")["context"] as Record<
      string,
      unknown
    >;
    return {
      context: { cluster: contextCluster, user: contextUser },
      cluster: {
        name: ours.clusters,
        server: (find("clusters")["cluster"] as Record<string, unknown>)["server"],
      },
      user: {
        name: ours.users,
        exec: (find("users")["user"] as Record<string, Record<string, unknown>>)["exec"] ?? {},
      },
    };
  }

  it("finds our entries again after kubectl rewrote the file", async () => {
    const file = at("config");
    const wish = { paths: [file], entries: [labEntry()] };
    await commitChanges({ stateDir: at("state"), clock: Date.now }, () => planEks(wish));
    assert.equal(kubectl(file, "config", "rename-context", "lab-vouch", "work").status, 0);
    const { changes, result } = planEks(wish);
    assert.deepEqual(
      [changes, result.setups.map(({ context, status }) => [context, status])],
      [[], [["work", "unchanged"]]],
    );
  });

  it("respects our lock", async () => {
    fs.writeFileSync(at("config"), "");
    const { status, stderr } = await withFileLock(lockPath(at("config")), { clock: Date.now }, () =>
      kubectl(at("config"), "config", "set-context", "x"),
    );
    assert.notEqual(status, 0);
    assert.match(stderr, /config\.lock: file exists/);
    assert.equal(kubectl(at("config"), "config", "set-context", "x").status, 0);
  });
}

function textOf(file: string): string | undefined {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}

/** A list of one to four files, some missing, some empty, with entries of the same names. */
function writeFiles(seed: number, folder: string): string {
  const random = seededRandom(seed * 7919);
  const count = 1 + Math.floor(random() * 4);
  const files = Array.from({ length: count }, (_, index) => path.join(folder, `seed-${seed}-${index}`));
  for (const [index, file] of files.entries()) {
    if (random() < 0.25) continue;
    const owns = () => (random() < 0.5 ? "shared" : `own-${index}`);
    const text =
      random() < 0.15
        ? ""
        : [
            ...(random() < 0.5 ? [`current-context: ${owns()}`] : []),
            "clusters:",
            `- name: ${owns()}`,
            `  cluster: {server: "https://${index}", certificate-authority: ca-${index}.crt}`,
            "users:",
            `- name: ${owns()}`,
            random() < 0.5
              ? `  user: {tokenFile: token-${index}, client-key: /abs/key}`
              : `  user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./bin/x, args: ["${index}"], interactiveMode: Never}}`,
            "contexts:",
            `- name: ${owns()}`,
            `  context: {cluster: shared, user: own-${index}, namespace: n${index}}`,
            "",
          ].join("\n");
    fs.writeFileSync(file, text);
  }
  const blank = random() < 0.3 ? ":" : "";
  return blank + files.join(":");
}
