import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { labDesk } from "../../support/lab-desk.ts";
import { SETUP_WORDS } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { changedBelow, layOut, PLACE_CASES, textsBelow } from "../setup/kubeconfig-places.ts";

suiteOnPosix("lab", "where kubectl vouch setup eks writes", () => {
  const desk = labDesk();
  let folder: string;
  let ours: string;

  beforeEach(async () => {
    desk.logIn();
    folder = path.join(desk.home, "kubeconfigs");
    fs.mkdirSync(folder);
    const file = path.join(desk.home, "ours");
    assert.equal((await desk.run([...SETUP_WORDS, "--kubeconfig", file, "--namespace", "old"])).status, 0);
    ours = fs.readFileSync(file, "utf8");
  });

  for (const place of PLACE_CASES) {
    it(`${place.what}: ${place.ours}`, async () => {
      const KUBECONFIG = layOut(place, folder, ours);
      const before = textsBelow(folder);
      const flag = place.flag === undefined ? [] : ["--kubeconfig", path.join(folder, place.flag)];
      const words = [...SETUP_WORDS, "--namespace", "team-a", ...flag];
      const dry = await desk.run([...words, "--dry-run"], { env: { KUBECONFIG } });
      assert.deepEqual(changedBelow(folder, before), [], "--dry-run writes nothing");
      const { status, stderr } = await desk.run(words, { env: { KUBECONFIG } });
      assert.equal(dry.status, status);
      if (place.ours.startsWith("[")) {
        assert.equal(status, 6);
        assert.ok(stderr.includes(place.ours), stderr);
        assert.deepEqual(changedBelow(folder, before), []);
        return;
      }
      assert.equal(status, 0, stderr);
      assert.deepEqual(changedBelow(folder, before), [place.ours]);
      if (!before.has(place.ours))
        assert.equal(fs.statSync(path.join(folder, place.ours)).mode & 0o777, 0o600);
    });
  }

  it("~/.kube/config, where KUBECONFIG has only blanks", async () => {
    assert.equal((await desk.run(SETUP_WORDS, { env: { KUBECONFIG: " :\t:" } })).status, 0);
    assert.match(fs.readFileSync(path.join(desk.home, ".kube", "config"), "utf8"), /lab-vouch/);
  });

  it("and says so even where our own record of it cannot be written", async () => {
    const file = path.join(folder, "config");
    const records = path.join(desk.home, ".local", "state", "kubectl-vouch", "clusters");
    fs.rmSync(records, { recursive: true });
    fs.writeFileSync(records, "");
    const { status, stderr } = await desk.run([...SETUP_WORDS, "--kubeconfig", file]);
    assert.equal(status, 6, stderr);
    assert.match(stderr, /^Context lab-vouch added: arn:/);
    assert.ok(stderr.includes(`\nerror: ${records} is not a directory. [directory-unsafe]\n`), stderr);
    assert.match(fs.readFileSync(file, "utf8"), /lab-vouch/);
    fs.rmSync(records);
    assert.equal((await desk.run([...SETUP_WORDS, "--kubeconfig", file])).status, 0);
  });

  const WORDS = [...SETUP_WORDS, "--namespace", "team-a", "--kubeconfig"];
  const changed = (now: string | RegExp, old: string) => {
    const today = ours.replace("namespace: old", "namespace: team-a");
    const text = today.replace(now, old);
    assert.notEqual(text, today);
    return { today, text };
  };

  it("over an entry of its own that says another version or mode", async () => {
    const file = path.join(folder, "config");
    for (const [now, old] of [
      ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1alpha1"],
      ["interactiveMode: Never", "interactiveMode: Always"],
    ] as const) {
      const { today, text } = changed(now, old);
      fs.writeFileSync(file, text);
      assert.equal((await desk.run([...WORDS, file])).status, 0);
      assert.equal(fs.readFileSync(file, "utf8"), today);
    }
  });

  it("beside an entry that asks for tokens of another region, which is another cluster's", async () => {
    const { text } = changed(/(- --region\n\s+-) us-east-1/, "$1 eu-west-1");
    const file = path.join(folder, "config");
    fs.writeFileSync(file, text);
    const { stderr } = await desk.run([...WORDS, file]);
    assert.match(stderr, /lab-us-east-1-vouch/);
    assert.match(fs.readFileSync(file, "utf8"), /- eu-west-1\n/);
  });

  it("after one DescribeCluster", async () => {
    desk.lab.aws.clearCalls();
    await desk.run(SETUP_WORDS);
    const asked = desk.lab.aws.calls.filter(({ operation }) => operation === "DescribeCluster");
    assert.equal(asked.length, 1);
  });
});
