import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { commitChanges, type SetupPlace } from "../../../plugin/setup/commit-changes.ts";
import type { EksEntry } from "../../../plugin/setup/eks-entry.ts";
import { planEks } from "../../../plugin/setup/eks-plan.ts";
import { undoSetup } from "../../../plugin/setup/undo/undo-plan.ts";
import { entryTexts } from "./entry-texts.ts";
import { ambientEntry, labEntry, profileEntry } from "./lab-entry.ts";
import { oddKubeconfig } from "./odd-kubeconfig.ts";

/** A context of each kind, by turns. */
function entryOf(seed: number): EksEntry {
  const kinds = [
    labEntry(),
    profileEntry("dev"),
    profileEntry("Ops: team 1", {
      role: "arn:aws:iam::111122223333:role/Admin",
      via: ["arn:aws:iam::111122223333:role/Hub"],
      env: { AWS_CONFIG_FILE: "/etc/aws: config", AWS_SHARED_CREDENTIALS_FILE: "/etc/aws/credentials" },
    }),
    ambientEntry(),
  ];
  return kinds[seed % kinds.length] as EksEntry;
}

const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1);

async function undone(place: SetupPlace, file: string) {
  const { result } = await undoSetup(place, { kind: "kubeconfig", files: [file] });
  return result.files.map(({ path: changed, how }) => ({ path: changed, how }));
}

function comments(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => /#.*$/.exec(line)?.[0] ?? []);
}

describe("setup eks on kubeconfigs in every style", () => {
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "setup-"));
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it("leaves every other entry and comment byte for byte, and does nothing the second time", () => {
    for (const seed of SEEDS) {
      const file = path.join(folder, "kubeconfig");
      const text = oddKubeconfig(seed);
      fs.writeFileSync(file, text);
      const wish = { paths: [file], entries: [entryOf(seed)] };
      const [change] = planEks(wish).changes;
      assert.ok(change?.after, `seed ${seed} changes something`);

      const others = [...entryTexts(text)];
      const now = entryTexts(change.after);
      assert.deepEqual(
        others.map(([name]) => [name, now.get(name)]),
        others,
        `seed ${seed}`,
      );
      assert.deepEqual(comments(change.after), comments(text), `comments of seed ${seed}`);
      const endings = (of: string) => new Set(of.match(/\r?\n/g));
      if (text.includes("\n"))
        assert.deepEqual(endings(change.after), endings(text), `line ends of seed ${seed}`);

      fs.writeFileSync(file, change.after);
      assert.deepEqual(planEks(wish).changes, [], `seed ${seed} a second time`);
    }
  });

  it("is undone to the very bytes, step by step", async () => {
    for (const seed of SEEDS.slice(0, 25)) {
      const file = path.join(folder, "kubeconfig");
      const text = oddKubeconfig(seed);
      fs.writeFileSync(file, text);
      const place = { stateDir: path.join(folder, `state-${seed}`), clock: Date.now };
      const first = [entryOf(seed)];
      const second = [
        { ...entryOf(seed), endpoint: "https://new.example" },
        entryOf(seed + 1),
        labEntry({ region: "eu-west-1", endpoint: "https://eu.example" }),
      ];
      await commitChanges(place, () => planEks({ paths: [file], entries: first }));
      const between = fs.readFileSync(file, "utf8");
      await commitChanges(place, () => planEks({ paths: [file], entries: second }));

      assert.deepEqual(await undone(place, file), [{ path: file, how: "restored" }]);
      assert.equal(fs.readFileSync(file, "utf8"), between, `seed ${seed}`);
      assert.deepEqual(await undone(place, file), [{ path: file, how: "restored" }]);
      assert.equal(fs.readFileSync(file, "utf8"), text, `seed ${seed}`);
    }
  });

  it("takes back its entries alone when the file was changed since", async () => {
    for (const seed of SEEDS.slice(0, 25)) {
      const file = path.join(folder, "kubeconfig");
      const text = oddKubeconfig(seed);
      fs.writeFileSync(file, text);
      const place = { stateDir: path.join(folder, `changed-${seed}`), clock: Date.now };
      await commitChanges(place, () => planEks({ paths: [file], entries: [entryOf(seed)] }));
      const isJson = text.startsWith("{");
      const changed = isJson
        ? `${fs.readFileSync(file, "utf8")}\n`
        : `# somebody was here\n${fs.readFileSync(file, "utf8").replace("\ufeff", "")}`;
      fs.writeFileSync(file, changed);

      assert.deepEqual(await undone(place, file), [{ path: file, how: "entries" }]);
      const after = fs.readFileSync(file, "utf8");
      assert.deepEqual([...entryTexts(after)], [...entryTexts(text)], `seed ${seed}`);
      if (!isJson)
        assert.deepEqual(comments(after), ["# somebody was here", ...comments(text)], `seed ${seed}`);
    }
  });
});
