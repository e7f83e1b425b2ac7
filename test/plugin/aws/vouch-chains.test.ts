import assert from "node:assert/strict";
import { NOTHING_SETTLED, saveProfileRecord } from "../../../token/aws/sources/profile-record.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";

const SPOKE = "arn:aws:iam::111122223333:role/VouchSpoke";
const MANAGEMENT = "arn:aws:iam::111122223333:role/VouchManagement";
const MINUTE = 60_000;

suiteOnPosix("lab", "an AWS profile that builds on one of Vouch's", () => {
  const desk = labDesk();
  beforeEach(async () => {
    desk.logIn();
    desk.lab.aws.clearCalls();
    desk.lab.world.sessions.clear();
    const line = (role: string) =>
      `kubectl-vouch credential aws --role ${role} --server ${desk.lab.vouch.url}`;
    const configFile = desk.write(
      ".aws/config",
      `[profile hub]\ncredential_process = ${line(MANAGEMENT)}\n[profile spoke]\nrole_arn = ${SPOKE}\nsource_profile = hub\n[profile dev]\ncredential_process = ${line(LAB_ROLE)}\n`,
    );
    const endpoints = { stsEndpoint: desk.lab.aws.url, awsCaBundle: desk.lab.env["AWS_CA_BUNDLE"] ?? "" };
    await saveProfileRecord(
      `${desk.home}/.local/state/kubectl-vouch`,
      { profile: "spoke", configFile },
      {
        record: { ...NOTHING_SETTLED, endpoints },
        clock: desk.lab.clock,
        signal: new AbortController().signal,
      },
    );
  });

  const WORDS = ["credential", "eks", "--cluster-name", LAB_CLUSTER, "--region", LAB_REGION];
  const ask = (words: readonly string[], env = {}) =>
    desk.run([...WORDS, ...words], { env, answersSecret: true });
  const sessions = () => [...desk.lab.world.sessions.values()];
  const livesFor = async (words: readonly string[], env = {}) => {
    const { status, stdout, stderr } = await ask(words, env);
    assert.equal(status, 0, stderr);
    const { expirationTimestamp } = (JSON.parse(stdout) as { status: { expirationTimestamp: string } })
      .status;
    return (Date.parse(expirationTimestamp) - desk.lab.clock()) / MINUTE;
  };

  it("assumes its role with that of Vouch's, and needs no approval", async () => {
    const lives = await livesFor(["--profile", "spoke"]);
    assert.ok(lives > 13 && lives <= 14, `${lives} minutes`);
    assert.deepEqual(
      sessions().map(({ roleArn }) => roleArn),
      [MANAGEMENT, SPOKE],
    );
  });

  it("gives an agent a session that may only read, by one that may only assume it", async () => {
    await livesFor(["--profile", "spoke"], { CLAUDECODE: "1" });
    const [hop, last] = sessions();
    assert.deepEqual(hop?.policyArns, []);
    assert.match(hop?.inlinePolicy ?? "", /sts:AssumeRole/);
    assert.deepEqual(last?.policyArns, ["arn:aws:iam::aws:policy/ReadOnlyAccess"]);
  });

  it("gives an agent a session that may only read where Vouch's role is the last one", async () => {
    await livesFor(["--ambient"], { CLAUDECODE: "1", AWS_PROFILE: "hub" });
    assert.deepEqual(sessions().at(-1)?.policyArns, ["arn:aws:iam::aws:policy/ReadOnlyAccess"]);
  });

  for (const [words, env] of [
    [["--profile", "spoke"], {}],
    [["--ambient"], { AWS_PROFILE: "dev" }],
  ] as const)
    it(`ends with the session, whatever AWS gave: ${words.join(" ")}`, async () => {
      await livesFor(words, env);
      desk.advance((8 * 60 - 10) * MINUTE);
      const lives = await livesFor(words, env);
      assert.ok(lives > 7 && lives <= 9, `${lives} minutes`);
      desk.advance(11 * MINUTE);
      const { status, stderr } = await ask(words, env);
      assert.equal(status, 2, stderr);
      assert.match(stderr, /\[session-expired\]/);
    });

  it("uses what is kept as long as it is enough for a token", async () => {
    const exchanges = () => desk.lab.aws.calls.length;
    const again = () => livesFor(["--ambient"], { AWS_PROFILE: "dev" });
    await again();
    assert.equal(exchanges(), 1);
    desk.advance(50 * MINUTE);
    await again();
    assert.equal(exchanges(), 1, "ten minutes are enough for a token");
    desk.advance(9 * MINUTE + 1);
    await again();
    assert.equal(exchanges(), 2);
  });

  it("is logged out with Vouch", async () => {
    await livesFor(["--profile", "spoke"]);
    await desk.run(["logout"]);
    const { status, stderr } = await ask(["--profile", "spoke"]);
    assert.equal(status, 2, stderr);
    assert.match(stderr, /\[logged-out\]/);
  });
});
