import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { commitChanges } from "../../../plugin/setup/commit-changes.ts";
import type { EksEntry } from "../../../plugin/setup/eks-entry.ts";
import { planEks } from "../../../plugin/setup/eks-plan.ts";
import { editKubeconfig } from "../../../plugin/setup/kubeconfig-edit.ts";
import { readJournal } from "../../../plugin/setup/setup-journal.ts";
import { planUndo, type UndoneSetup, undoSetup } from "../../../plugin/setup/undo/undo-plan.ts";
import type { UndoWish } from "../../../plugin/setup/undo/undo-selection.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { entriesOf, parseKubeconfig } from "../../../token/kubeconfig/kubeconfig-document.ts";
import { readKubeconfigs } from "../../../token/kubeconfig/kubeconfig-files.ts";
import { SECTION_NAMES } from "../../../token/kubeconfig/kubeconfig-view.ts";
import { awsMachine } from "../../support/aws-machine.ts";
import { folderState } from "../../support/folder-state.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { entryTexts } from "./entry-texts.ts";
import { ambientEntry, labEntry, profileEntry } from "./lab-entry.ts";
import { oddKubeconfig, seededRandom } from "./odd-kubeconfig.ts";

const STEPS = 14;
const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);
const CLUSTERS = ["lab", "prod", "old"];
const REGIONS = ["us-east-1", "eu-west-1"];
const ROLES = ["VouchDeveloper", "Admin"].map((name) => `arn:aws:iam::111122223333:role/${name}`);

/** Some entries of others name it, and may become ours as that. */
const AWS_CONFIG = "[profile dev]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n";

/** One person's kubeconfig files, what is in them that is not ours, and a program that is run at random. */
class Story {
  readonly random: () => number;
  readonly files: readonly string[];
  readonly counts = { written: 0, dry: 0, undone: 0, byOthers: 0 };
  readonly stateDir: string;
  readonly folder: string;
  readonly what: string;
  /** Text of each entry of others, as they left it. */
  theirs = new Map<string, string>();

  constructor(folder: string, seed: number) {
    this.random = seededRandom(seed);
    this.folder = path.join(folder, `story-${seed}`);
    this.stateDir = path.join(this.folder, "state");
    this.what = `seed ${seed}`;
    fs.mkdirSync(this.stateDir, { recursive: true, mode: 0o700 });
    fs.mkdirSync(path.join(this.folder, ".aws"));
    fs.writeFileSync(path.join(this.folder, ".aws", "config"), AWS_CONFIG);
    this.files = ["one", "two"]
      .slice(0, this.chance(0.4) ? 2 : 1)
      .map((name) => path.join(this.folder, name));
    for (const [index, file] of this.files.entries()) {
      if (this.chance(0.2)) continue;
      fs.writeFileSync(file, oddKubeconfig(seed * 2 + index));
      fs.chmodSync(file, this.pick([0o600, 0o640, 0o644]));
    }
    this.learnTheirs();
  }

  chance(likely: number): boolean {
    return this.random() < likely;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.random() * choices.length)] as T;
  }

  text(file: string): string | undefined {
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
  }

  /** Bytes, mode and absence of the kubeconfigs. */
  state() {
    return this.files.map((file) => {
      const text = this.text(file);
      return text === undefined ? undefined : { text, mode: fs.statSync(file).mode };
    });
  }

  learnTheirs(): void {
    this.theirs = new Map(
      this.#allTexts().filter(([key, text]) => !/vouch/.test(key) && !/vouch/.test(text)),
    );
  }

  #allTexts(): [string, string][] {
    return this.files.flatMap((file) =>
      [...entryTexts(this.text(file) ?? "")].map(([name, text]): [string, string] => [
        `${file}/${name}`,
        text,
      ]),
    );
  }

  /** What we ran keeps what is not ours, and names no context that is not there. */
  async run(act: () => Promise<{ readonly mayDangle: readonly string[] }>): Promise<void> {
    const dangled = this.#dangling();
    const before = this.state();
    try {
      const { mayDangle } = await act();
      const now = new Map(this.#allTexts());
      for (const [key, text] of this.theirs) assert.equal(now.get(key), text, `${this.what}: ${key}`);
      const fresh = this.#dangling().filter((name) => !dangled.includes(name) && !mayDangle.includes(name));
      assert.deepEqual(fresh, [], `${this.what}: current contexts that are not there`);
    } catch (error) {
      if (!(error instanceof VouchError)) throw error;
      assert.ok(
        ["undo-impossible", "kubeconfig-invalid"].includes(error.code),
        `${this.what}: ${error.stack}`,
      );
      assert.deepEqual(this.state(), before, `${this.what}: refused, so nothing is changed`);
    }
  }

  #dangling(): string[] {
    const { documents, entries } = readKubeconfigs(this.files);
    return documents.flatMap(({ path: file, model }) => {
      const name = String(model["current-context"] ?? "");
      return name === "" || entries.contexts.has(name) ? [] : [`${file}: ${name}`];
    });
  }

  async dry(plan: () => unknown): Promise<void> {
    const before = folderState(this.folder);
    await this.run(async () => {
      plan();
      return { mayDangle: [] };
    });
    assert.deepEqual(folderState(this.folder), before, `${this.what}: --dry-run changed something`);
    this.counts.dry += 1;
  }

  async setUp(isDry: boolean): Promise<void> {
    const entry = this.randomEntry();
    const migrate = this.chance(0.5) ? { ...awsMachine(this.folder), isApproved: () => false } : undefined;
    const live = {
      arns: new Set(CLUSTERS.filter(() => this.chance(0.6)).map((name) => arnOf(name, entry.region))),
      scopes: [{ accountId: entry.accountId, region: entry.region }],
    };
    const current = this.pick(["ours", "oursWhereNone", "kept"] as const);
    const wish = {
      ...{ paths: this.files, entries: [entry], migrate, current },
      inPlace: migrate !== undefined && this.chance(0.5),
      ...(this.chance(0.4) ? { live } : {}),
    };
    if (isDry) return this.dry(() => planEks(wish));
    await this.run(async () => {
      const { migrations } = await commitChanges(this.place(), () => planEks(wish));
      for (const { user, migrated } of migrations)
        if (migrated) for (const file of this.files) this.theirs.delete(`${file}/users/${user}`);
      this.counts.written += 1;
      return { mayDangle: [] };
    });
  }

  async undo(isDry: boolean): Promise<void> {
    const cluster = this.pick(CLUSTERS);
    const wish: UndoWish = {
      kind: "kubeconfig",
      files: this.chance(0.3) ? [this.pick(this.files)] : this.files,
      ...(this.chance(0.4)
        ? { only: { what: `cluster ${cluster}`, isMeant: (change) => change.cluster?.name === cluster } }
        : {}),
    };
    if (isDry) return this.dry(() => planUndo(this.stateDir, wish));
    const notes = this.#notes();
    await this.run(async () => {
      const { result } = await undoSetup(this.place(), wish);
      this.counts.undone += 1;
      for (const note of notes) assert.ok(this.#notes().includes(note), `${this.what}: ${note} is lost`);
      return { mayDangle: this.#leftDangling(wish, result) };
    });
  }

  /** Files whose bytes came back, with whatever they named; and those that the command line left out. */
  #leftDangling({ files }: UndoWish, { files: undone }: UndoneSetup): string[] {
    const restored = undone.filter(({ how }) => how === "restored").map(({ path: file }) => file);
    const left = this.files.filter((file) => files.length < this.files.length || restored.includes(file));
    return left.map(
      (file) => `${file}: ${parseKubeconfig(this.text(file) ?? "", file).model["current-context"]}`,
    );
  }

  /** What kubectl, an editor and another tool do. */
  byOthers(wanted?: string): void {
    const file = this.pick(this.files);
    const text = this.text(file);
    if (text === undefined) return;
    const document = parseKubeconfig(text, file);
    const contexts = [...readKubeconfigs(this.files).entries.contexts.keys()];
    const write = (now: string) => fs.writeFileSync(file, now);
    try {
      const usual = this.pick([
        ...["use-context", "delete-context", "rewrite", "own", "comment", "namespace"],
        ...["note", "note"],
      ]);
      const what = wanted ?? usual;
      const mine = contexts.filter((name) => entriesOf(document.model, "contexts").has(name));
      if (what === "use-context" && contexts.length > 0)
        write(editKubeconfig(document, { entries: [], currentContext: this.#someContext(contexts) }));
      else if (what === "delete-context" && mine.length > 0)
        write(
          editKubeconfig(document, {
            entries: [{ section: "contexts", name: this.pick(mine), body: undefined }],
          }),
        );
      else if (what === "rewrite")
        write(stringify({ preferences: {}, "current-context": "", ...document.model }));
      else if (what === "own") write(editKubeconfig(document, { entries: this.#foreignEks() }));
      else if (what === "comment" && !text.startsWith("{") && !text.startsWith("\ufeff"))
        write(`# theirs\n${text}`);
      else if (what === "namespace" && mine.length > 0) {
        const name = this.pick(mine);
        const body = { ...entriesOf(document.model, "contexts").get(name), namespace: "web" };
        write(editKubeconfig(document, { entries: [{ section: "contexts", name, body }] }));
      } else if (what === "note") this.#note(file);
      this.counts.byOthers += 1;
      this.learnTheirs();
    } catch (error) {
      if (!(error instanceof VouchError)) throw error;
    }
  }

  #someContext(names: readonly string[]): string {
    const ours = names.filter((name) => name.includes("vouch"));
    return this.pick(ours.length > 0 && this.chance(0.7) ? ours : names);
  }

  /** A field of somebody else's in an entry of ours. */
  #note(file: string): void {
    const document = parseKubeconfig(this.text(file) ?? "", file);
    const section = this.pick(SECTION_NAMES);
    const ours = [...entriesOf(document.model, section)].filter(([name]) => name.includes("vouch"));
    if (ours.length === 0) return;
    const [name, body] = this.pick(ours);
    const noted = { ...body, "x-note": `note-${this.counts.byOthers}-` };
    fs.writeFileSync(file, editKubeconfig(document, { entries: [{ section, name, body: noted }] }));
  }

  #notes(): string[] {
    return this.files.flatMap((file) => [...(this.text(file) ?? "").matchAll(/note-\d+-/g)].map(String));
  }

  #foreignEks() {
    const { endpoint, clusterName } = this.randomEntry();
    const name = `theirs-${clusterName}`;
    const who = this.pick([["--role-arn", this.pick(ROLES)], ["--profile", "dev"], []]);
    const args = ["eks", "get-token", "--cluster-name", clusterName, ...who];
    return [
      { section: "clusters" as const, name, body: { server: endpoint } },
      { section: "users" as const, name, body: { exec: { command: "aws", args } } },
      { section: "contexts" as const, name, body: { cluster: name, user: name } },
    ];
  }

  randomEntry(): EksEntry {
    const [clusterName, region] = [this.pick(CLUSTERS), this.pick(REGIONS)];
    const role = this.pick(ROLES);
    const entry = this.pick([
      labEntry({ role }),
      profileEntry("dev"),
      profileEntry("dev", { role }),
      ambientEntry(),
    ]);
    return {
      ...entry,
      clusterName,
      region,
      endpoint: `https://${clusterName}.${region}`,
      ...(this.chance(0.3) ? { namespace: "team" } : {}),
    };
  }

  place() {
    return { stateDir: this.stateDir, clock: Date.now };
  }

  /** Takes everything back that can be. */
  async undoAll(): Promise<void> {
    for (let left = readJournal(this.stateDir).length; left > 0; left -= 1)
      await this.run(async () => {
        const wish = { kind: "kubeconfig", files: this.files } as const;
        const { result } = await undoSetup(this.place(), wish);
        return { mayDangle: this.#leftDangling(wish, result) };
      });
  }
}

function arnOf(cluster: string, region: string): string {
  return `arn:aws:eks:${region}:111122223333:cluster/${cluster}`;
}

describe("setup, prune, migrate and undo in any order, on kubeconfigs in every style", () => {
  const folder = tempFolder();
  const { fsyncSync } = fs;
  before(() => {
    fs.fsyncSync = () => {};
  });
  after(() => {
    fs.fsyncSync = fsyncSync;
  });

  it("end at the first bytes, modes and files when all is undone, in whatever order", async () => {
    const counts = { written: 0, dry: 0, undone: 0 };
    for (const seed of SEEDS) {
      const story = new Story(folder(), seed);
      const first = story.state();
      for (let step = 0; step < STEPS; step += 1) {
        const isDry = story.chance(0.3);
        if (story.chance(0.35)) await story.undo(isDry);
        else await story.setUp(isDry);
      }
      await story.undoAll();
      assert.deepEqual(story.state(), first, story.what);
      assert.deepEqual(readJournal(story.stateDir), [], story.what);
      assert.deepEqual(fs.readdirSync(path.join(story.stateDir, "backups")), [], story.what);
      for (const key of ["written", "dry", "undone"] as const) counts[key] += story.counts[key];
    }
    assert.ok(counts.written > 80 && counts.dry > 50 && counts.undone > 25, JSON.stringify(counts));
  });

  it("lose nothing of what others write in between, and leave nothing of ours", async () => {
    let byOthers = 0;
    for (const seed of SEEDS.map((number) => number + 1000)) {
      const story = new Story(folder(), seed);
      for (let step = 0; step < STEPS; step += 1) {
        const isDry = story.chance(0.2);
        if (story.chance(0.4)) story.byOthers("use-context");
        if (story.chance(0.35)) story.byOthers();
        else if (story.chance(0.4)) await story.undo(isDry);
        else await story.setUp(isDry);
      }
      await story.undoAll();
      byOthers += story.counts.byOthers;
      const { entries } = readKubeconfigs(story.files);
      for (const section of SECTION_NAMES)
        for (const [name, { body }] of entries[section])
          if (/^vouch-eks\//.test(name) && body["x-note"] === undefined)
            assert.ok(isUsed(name, entries.contexts), `${story.what}: ${name} ${JSON.stringify(body)}`);
    }
    assert.ok(byOthers > 60, String(byOthers));
  });
});

function isUsed(
  name: string,
  contexts: ReadonlyMap<string, { readonly body: Readonly<Record<string, unknown>> }>,
): boolean {
  return [...contexts.values()].some(({ body }) => body["cluster"] === name || body["user"] === name);
}
