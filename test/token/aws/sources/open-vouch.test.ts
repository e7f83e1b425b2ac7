import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { openPlan } from "../../../../token/aws/sources/open-source.ts";
import type { PlanAccess } from "../../../../token/aws/sources/opened-source.ts";
import type { ProcessPlan } from "../../../../token/aws/sources/plan-kinds.ts";
import type { VouchProcess } from "../../../../token/aws/vouch-process.ts";
import { VouchError } from "../../../../token/errors/errors.ts";
import { currentFile } from "../../../../token/hot/state-files.ts";
import { labClock } from "../../../lab/clock.ts";
import { login, sessionId } from "../../../support/sessions.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { planAccess } from "./source-access.ts";

const ROLE = "arn:aws:iam::111122223333:role/Dev";
const HUB = "arn:aws:iam::111122223333:role/Hub";
const LINE: VouchProcess = {
  by: "kubectl-vouch",
  role: ROLE,
  via: [],
  server: "https://us.vouch.sh",
  account: undefined,
};

describe("a line of ours as a source", () => {
  const folder = tempFolder();
  const ada = login("ada@example.com", sessionId(1)).entry;
  let asked: Parameters<PlanAccess["vouchRole"]>[];
  let wishes: unknown[];
  beforeEach(() => {
    asked = [];
    wishes = [];
    fs.writeFileSync(currentFile(folder()), "{}");
  });

  const access = (more: Partial<PlanAccess> = {}) =>
    planAccess({
      state: folder(),
      clock: labClock(Date.now() + 10_000),
      vouchRole: async (...question) => {
        asked.push(question);
        const credentials = async (wish: unknown) => {
          wishes.push(wish);
          return { accessKeyId: "ASIA", secretAccessKey: "canary", sessionToken: "canary", expires: 1 };
        };
        return { session: ada, credentials };
      },
      ...more,
    });
  const plan = (line: Partial<VouchProcess> = {}, region = "eu-west-1"): ProcessPlan => ({
    kind: "process",
    line: "kubectl-vouch credential aws",
    vouch: { ...LINE, ...line },
    region,
    origin: { profile: "p", file: path.join(folder(), "config"), line: 2 },
  });
  const open = (given = plan(), more: Partial<PlanAccess> = {}) =>
    openPlan({ plan: given, witnesses: [] }, access(more));

  it("gives the role for who is logged in, by the cluster's region, as long as is wanted, and runs nothing", async () => {
    const opened = await open();
    assert.deepEqual(asked, [[LINE, { region: "eu-west-1", isLast: true }]]);
    assert.deepEqual(wishes, []);
    const wish = { fresh: true, minRemainingMs: 12_345 };
    assert.equal((await opened.credentials(wish)).accessKeyId, "ASIA");
    assert.deepEqual(wishes, [wish]);
  });

  it("ends with the session, also for a role that is assumed with it, which it says", async () => {
    const by = { externalId: undefined, durationSeconds: undefined, mfaSerial: undefined };
    const role = {
      roleArn: HUB,
      sessionName: "s",
      usualName: "u",
      region: "eu-west-1",
      origin: { option: "--role" },
    } as const;
    const chain = await openPlan(
      { plan: { kind: "assume-role", source: plan(), ...by, ...role }, witnesses: [] },
      access(),
    );
    assert.equal(chain.end, ada.end);
    assert.equal((await open()).end, ada.end);
    assert.deepEqual(
      asked.map(([, { isLast }]) => isLast),
      [false, true],
    );
  });

  it("is another source with every part that decides, and the same in every region", async () => {
    const digest = async (...given: Parameters<typeof open>) => (await open(...given)).digest;
    const other = { session: { ...ada, id: sessionId(2) }, credentials: () => assert.fail("not asked") };
    const digests = await Promise.all([
      digest(),
      digest(plan({ role: HUB })),
      digest(plan({ via: [HUB] })),
      digest(plan({}, "cn-north-1")),
      digest(plan(), { agent: "claude-code" }),
      digest(plan(), { vouchRole: async () => other }),
    ]);
    assert.equal(new Set(digests).size, digests.length);
    assert.equal(await digest(plan({}, "us-east-1")), digests[0]);
  });

  it("answers warm as long as nobody logs in or out, where the line says at which server", async () => {
    const { witnesses } = await open();
    assert.deepEqual(
      witnesses?.map(([file]) => file),
      [currentFile(folder())],
    );
    fs.writeFileSync(currentFile(folder()), '{"version":1}');
    assert.notDeepEqual((await open()).witnesses, witnesses);
    assert.equal((await open(plan({ server: undefined }))).witnesses, undefined);
    assert.equal((await open(plan(), { clock: Date.now })).witnesses, undefined, "it is too young to tell");
  });

  it("fails at once where nobody is logged in", async () => {
    const vouchRole = async () => {
      throw new VouchError("logged-out", "Nobody is logged in.");
    };
    await assert.rejects(open(plan(), { vouchRole }), { code: "logged-out" });
  });
});
