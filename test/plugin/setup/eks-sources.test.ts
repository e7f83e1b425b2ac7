import assert from "node:assert/strict";
import type { EksEntry } from "../../../plugin/setup/eks-entry.ts";
import { setUpEks } from "../../../plugin/setup/eks-setup.ts";
import { kubeconfigDraft } from "../../../plugin/setup/kubeconfig-draft.ts";
import { vouchStanza } from "../../../token/kubeconfig/exec-stanza.ts";
import { describeIdentity, isSameIdentity } from "../../../token/kubeconfig/identity.ts";
import { mergeKubeconfigs } from "../../../token/kubeconfig/kubeconfig-view.ts";
import { ambientEntry, labEntry, profileEntry } from "./lab-entry.ts";

const ADMIN = "arn:aws:iam::111122223333:role/Admin";
const HUB = "arn:aws:iam::999988887777:role/Hub";
const KEY = "vouch-eks/111122223333/us-east-1/lab";

function setUp(entries: readonly EksEntry[], text = "") {
  let now = text;
  const results = entries.map((entry) => {
    const draft = kubeconfigDraft(mergeKubeconfigs(["/kc"], () => now));
    const result = setUpEks(draft, entry);
    now = draft.changes()[0]?.after ?? now;
    return result;
  });
  const view = mergeKubeconfigs(["/kc"], () => now);
  const execOf = (user: string) =>
    view.entries.users.get(user)?.body["exec"] as { args: string[]; env?: { name: string; value: string }[] };
  return { text: now, results, view, execs: results.map(({ user }) => execOf(user)) };
}

/** A context of each kind, all for one cluster. */
const ALL: Readonly<Record<string, EksEntry>> = {
  vouch: labEntry(),
  "another person of Vouch": labEntry({ account: "bob@example.com" }),
  profile: profileEntry("dev"),
  "profile of another file": profileEntry("dev", { env: { AWS_CONFIG_FILE: "/etc/aws/config" } }),
  "another profile": profileEntry("ops"),
  "profile with a role": profileEntry("dev", { role: ADMIN, via: [HUB] }),
  ambient: ambientEntry(),
  "ambient with a role": ambientEntry({ role: ADMIN }),
  "ambient with keys of its own": ambientEntry({ env: { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE" } }),
};

describe("contexts by an AWS profile, or by their caller", () => {
  const region = ["credential", "eks", "--cluster-name", "lab", "--region", "us-east-1"];

  it("say in their arguments whose they are", () => {
    const args = (entry: EksEntry) => setUp([entry]).execs[0]?.args;
    assert.deepEqual(args(profileEntry("dev")), [...region, "--profile", "dev"]);
    assert.deepEqual(args(profileEntry("dev", { role: ADMIN, via: [HUB] })), [
      ...region,
      ...["--profile", "dev", "--via", HUB, "--role", ADMIN],
    ]);
    assert.deepEqual(args(ambientEntry()), [...region, "--ambient"]);
    assert.deepEqual(args(ambientEntry({ role: ADMIN })), [...region, "--ambient", "--role", ADMIN]);
  });

  it("have names that tell them from Vouch's and from each other", () => {
    const { results } = setUp(Object.values(ALL));
    assert.deepEqual(
      results.map(({ context, user, insteadOf }) => [context, user.replace(KEY, ""), insteadOf]),
      [
        ["lab-vouch", "/VouchDeveloper", undefined],
        ["lab-bob-example-com-vouch", "/VouchDeveloper/2", "lab-vouch"],
        ["lab-dev", "/profile:dev", undefined],
        ["lab-us-east-1-111122223333-dev", "/profile:dev/2", "lab-dev"],
        ["lab-ops", "/profile:ops", undefined],
        ["lab-Admin-dev", "/profile:dev:Admin", "lab-dev"],
        ["lab-ambient", "/ambient:", undefined],
        ["lab-Admin-ambient", "/ambient::Admin", "lab-ambient"],
        ["lab-us-east-1-111122223333-ambient", "/ambient:/2", "lab-ambient"],
      ],
    );
    assert.equal(new Set(results.map(({ cluster }) => cluster)).size, 1, "one cluster entry");
  });

  it("change no byte the second time, whichever there are beside them", () => {
    const { text } = setUp(Object.values(ALL));
    const again = setUp(Object.values(ALL), text);
    assert.equal(again.text, text);
    assert.ok(again.results.every(({ status }) => status === "unchanged"));
  });

  it("are read as they were written", () => {
    const { view, results } = setUp(Object.values(ALL));
    for (const [index, [what, { source }]] of Object.entries(ALL).entries()) {
      const user = view.entries.users.get(results[index]?.user ?? "")?.body;
      assert.deepEqual(user && vouchStanza(user)?.source, source, what);
    }
  });

  it("are never one identity", () => {
    for (const [one, { source }] of Object.entries(ALL))
      for (const [other, entry] of Object.entries(ALL))
        assert.equal(isSameIdentity(source, entry.source), one === other, `${one} and ${other}`);
  });

  it("are made of a profile whose name is hard to write", () => {
    const { results, execs } = setUp([profileEntry("Ops team/eu.1"), profileEntry("Ops-team-eu-1")]);
    assert.deepEqual(
      results.map(({ context, user }) => [context, user.replace(KEY, "")]),
      [
        ["lab-Ops-team-eu-1", "/profile:Ops-team-eu-1"],
        ["lab-us-east-1-111122223333-Ops-team-eu-1", "/profile:Ops-team-eu-1/2"],
      ],
    );
    assert.deepEqual(
      execs.map(({ args }) => args.at(-1)),
      ["Ops team/eu.1", "Ops-team-eu-1"],
    );
  });

  it("keep variables that somebody added, in their places", () => {
    const { text } = setUp([profileEntry("dev", { env: { AWS_CONFIG_FILE: "/etc/aws/config" } })]);
    const edited = text.replace(
      "      env:\n",
      "      env:\n      - name: HTTPS_PROXY\n        value: http://p\n",
    );
    assert.notEqual(edited, text);
    const again = setUp([profileEntry("dev", { env: { AWS_CONFIG_FILE: "/etc/aws/config" } })], edited);
    assert.equal(again.text, edited);
  });

  it("are not the profile that stands beside a server: that only names a role of Vouch", () => {
    const exec = (...args: string[]) => ({ exec: { command: "kubectl-vouch", args: [...region, ...args] } });
    const kind = (...args: string[]) => vouchStanza(exec(...args))?.source.kind;
    assert.equal(kind("--profile", "dev"), "aws");
    assert.equal(kind("--profile=dev", "--role", ADMIN), "aws");
    assert.equal(kind("--profile", "dev", "--server", "https://us.vouch.sh"), "vouch");
    assert.equal(kind("--profile", "dev", "--account", "ada@example.com"), "vouch");
    assert.equal(kind("--ambient"), "aws");
    assert.equal(kind(), "vouch");
    const upstream = { exec: { command: "vouch", args: [...region, "--profile", "dev"] } };
    assert.equal(vouchStanza(upstream)?.source.kind, "vouch");
  });

  it("are told in a few words", () => {
    assert.deepEqual(
      Object.values(ALL).map(({ source }) => describeIdentity(source)),
      [
        "arn:aws:iam::111122223333:role/VouchDeveloper",
        "arn:aws:iam::111122223333:role/VouchDeveloper",
        "AWS profile dev",
        "AWS profile dev",
        "AWS profile ops",
        `${ADMIN} by AWS profile dev`,
        "the caller's AWS credentials",
        `${ADMIN} by the caller's AWS credentials`,
        "the caller's AWS credentials",
      ],
    );
  });
});
