import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { chooseProfile } from "../../../plugin/aws/choose-identity.ts";
import { forEachProfile } from "../../../plugin/setup/all-profiles.ts";
import { Desk } from "../../../plugin/workplace/workplace.ts";
import { type ErrorCode, VouchError } from "../../../token/errors/errors.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const keys = (id: string) => `aws_access_key_id = ${id}\naws_secret_access_key = x\n`;
const CONFIG = `[default]
region = eu-west-1
[profile dev]
${keys("AKIADEV")}
[profile ops]
${keys("AKIAOPS")}region = eu-north-1
[profile same]
${keys("AKIAOPS")}region = eu-north-1
[profile anywhere]
${keys("AKIAOPS")}
[profile far]
${keys("AKIAOPS")}region = us-east-1
[profile broken]
role_arn = arn:aws:iam::111122223333:role/Admin
`;

describe("--all-profiles", () => {
  const home = tempFolder();
  const go = (
    work: (profile: string) => Promise<string>,
    {
      config = CONFIG,
      regions = "own",
      env = {},
    }: { config?: string; regions?: "own" | "given"; env?: Record<string, string> } = {},
  ) => {
    fs.mkdirSync(path.join(home(), ".aws"), { recursive: true });
    fs.writeFileSync(path.join(home(), ".aws", "config"), config);
    const desk = new Desk(fakeApp({ home: home(), clock: Date.now, env: { HOME: home(), ...env } }));
    return forEachProfile(desk, {
      pattern: "*",
      choose: (profile) => chooseProfile(desk, profile, "--profile"),
      regions,
      async setUp(choice) {
        assert.ok(choice.kind === "aws" && choice.source.profile !== undefined);
        return work(choice.source.profile);
      },
      setUpAnywhere: undefined,
    });
  };
  const fails = (code: ErrorCode) => async (profile: string) => {
    throw new VouchError(code, `${profile} fails.`);
  };
  const told = ({ failures, ...rest }: Awaited<ReturnType<typeof go>>) => ({
    ...rest,
    failures: failures.map(({ profile, error }) => [profile, error.code]),
  });
  const passedOver = [
    { profile: "default", reason: "it does not provide credentials" },
    { profile: "same", reason: "it has the same identity as ops", sameAs: "ops" },
    { profile: "anywhere", reason: "it has the same identity as ops", sameAs: "ops" },
  ];

  it("takes each identity once in each region, in the order of the file", async () => {
    assert.deepEqual(told(await go(async (profile) => profile.toUpperCase())), {
      done: ["DEV", "OPS", "FAR"],
      failures: [["broken", "profile-invalid"]],
      passedOver,
    });
  });

  it("works on several at once, and tells of them in the order of the file", async () => {
    const begun: string[] = [];
    let open = () => {};
    const all = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { done } = await go(async (profile) => {
      begun.push(profile);
      if (begun.length === 3) open();
      await all;
      // The first one ends last.
      if (profile === "dev") await setImmediate();
      return profile;
    });
    assert.deepEqual(
      [begun, done],
      [
        ["dev", "ops", "far"],
        ["dev", "ops", "far"],
      ],
    );
  });

  it("takes each once where one looks in regions that are named", async () => {
    const { done } = await go(async (profile) => profile, { regions: "given" });
    assert.deepEqual(done, ["dev", "ops"]);
  });

  it("takes one line of credential_process once, whatever profiles have it", async () => {
    const line = "credential_process = /usr/bin/helper --role a\nregion = eu-west-1\n";
    const config = `[profile one]\n${line}[profile two]\n${line}[profile three]\n${line.replace("role a", "role b")}`;
    const found = await go(async (profile) => profile, { config });
    assert.deepEqual(found.done, ["one", "three"]);
    assert.deepEqual(found.passedOver, [
      { profile: "two", reason: "it has the same identity as one", sameAs: "one" },
    ]);
  });

  it("goes on after one that fails", async () => {
    const work = (profile: string) =>
      profile === "dev" ? fails("aws-denied")(profile) : Promise.resolve(profile);
    const { done, failures } = told(await go(work));
    assert.deepEqual(done, ["ops", "far"]);
    assert.deepEqual(failures, [
      ["broken", "profile-invalid"],
      ["dev", "aws-denied"],
    ]);
  });

  it("passes over a profile that others build on for what only they need, and for nothing else", async () => {
    const config = `${CONFIG}[profile over]\nrole_arn = arn:aws:iam::111122223333:role/Over\nsource_profile = dev\n`;
    const dev = async (code: ErrorCode) => {
      const work = (profile: string) => (profile === "dev" ? fails(code)(profile) : Promise.resolve(profile));
      return told(await go(work, { config })).failures.some(([profile]) => profile === "dev");
    };
    assert.deepEqual([await dev("aws-denied"), await dev("aws-unreachable")], [false, true]);
  });

  it("passes over one that has no cluster of those that were asked for", async () => {
    const work = (profile: string) =>
      profile === "dev" ? fails("cluster-not-found")(profile) : Promise.resolve(profile);
    assert.deepEqual((await go(work)).passedOver, [...passedOver, { profile: "dev", reason: "dev fails." }]);
  });

  it("passes over one whose partition is not that of a region given for all, but not one that is wrong in itself", async () => {
    const elsewhere = fails("partition-mismatch");
    const work = (profile: string) => (profile === "dev" ? elsewhere(profile) : Promise.resolve(profile));
    const of = async (options: Parameters<typeof go>[1]) => {
      const { passedOver: passed, failures } = told(await go(work, options));
      return passed.find(({ profile }) => profile === "dev")?.reason ?? failures.at(-1)?.[1];
    };
    assert.equal(await of({ regions: "given" }), "dev fails.");
    assert.equal(
      await of({ env: { AWS_REGION: "cn-north-1" } }),
      "cn-north-1 (AWS_REGION) is in a different partition",
    );
    const config = CONFIG.replace("[profile ops]", "region = cn-north-1\n[profile ops]");
    assert.equal(await of({ config }), "partition-mismatch");
  });

  it("throws where none has one, and nothing else is wrong", async () => {
    const good = CONFIG.slice(0, CONFIG.indexOf("[profile broken]"));
    await assert.rejects(go(fails("cluster-not-found"), { config: good }), { code: "cluster-not-found" });
  });

  it("ends with what is no matter of one profile", async () => {
    for (const code of ["interrupted", "usage"] as const) await assert.rejects(go(fails(code)), { code });
    const bug = async () => {
      throw new TypeError("a bug");
    };
    await assert.rejects(go(bug), TypeError);
  });

  it("says where there is no profile at all", async () => {
    await assert.rejects(
      go(async (profile) => profile, { config: "" }),
      { code: "aws-not-configured" },
    );
  });
});
