import assert from "node:assert/strict";
import path from "node:path";
import { LAB_ROLE, startLab } from "../lab/lab.ts";
import { CONTEXT, type LabPerson, labPerson, succeeded } from "./lab-person.ts";

const PODS = ["web-6c9f7d5b8-2xkqp", "web-6c9f7d5b8-9tzvw"];

/** Long enough that all of a client's plugins are waiting before the first has its answer, in milliseconds. */
const SLOW_STS_MS = 2000;

/**
 * client-node says nothing of what it wants, runs one plugin per request, never asks again after a 401, and shows our
 * stderr only when we fail. Source: plugin/KUBECTL.md, "Other clients".
 */
describe("@kubernetes/client-node as a client of ours", () => {
  let person: LabPerson;
  before(async () => {
    person = labPerson(await startLab());
    await person.logIn();
    await person.setUp();
  });
  after(() => person?.lab.close());
  beforeEach(() => person.clearCache());
  afterEach(() => {
    const { aws, cluster, entry } = person.lab;
    Object.assign(aws.faults, { slowMs: 0, only: [] });
    cluster.accessEntries.set(LAB_ROLE, entry);
  });

  /** In a process of its own, `rounds` times one after another, each with so many requests at once. */
  const list = async ({ rounds = 1, atOnce = 1 }: { rounds?: number; atOnce?: number } = {}) => {
    const program = path.join(import.meta.dirname, "careless-client", "main.ts");
    const command = [process.execPath, program, CONTEXT, String(rounds), String(atOnce)];
    const { result, traffic } = await person.during(() => person.run(command));
    assert.equal(result.stderr, "");
    return { outcomes: JSON.parse(succeeded(result)) as unknown[][], traffic };
  };

  it("gets one exchange for three requests at once with an empty cache", async () => {
    Object.assign(person.lab.aws.faults, { slowMs: SLOW_STS_MS, only: ["sts:AssumeRoleWithWebIdentity"] });
    const { outcomes, traffic } = await list({ atOnce: 3 });
    assert.deepEqual(outcomes, [[PODS, PODS, PODS]]);
    assert.deepEqual(traffic, { pluginRuns: 3, vouchRequests: 1, awsTokens: 1, exchanges: 1, awsCalls: 1 });
  });

  it("is answered from the cache, with no word of what it did not say", async () => {
    assert.deepEqual((await list()).outcomes, [[PODS]]);
    const { outcomes, traffic } = await list();
    assert.deepEqual(outcomes, [[PODS]]);
    assert.deepEqual(traffic, { pluginRuns: 1, vouchRequests: 0, awsTokens: 0, exchanges: 0, awsCalls: 0 });
  });

  it("sees the 401 of the server, and works again once the entry is back", async () => {
    person.lab.cluster.accessEntries.delete(LAB_ROLE);
    const { outcomes, traffic } = await list();
    assert.match(String(outcomes), /^Error: HTTP-Code: 401\n/);
    assert.equal(traffic.pluginRuns, 1);
    person.lab.cluster.accessEntries.set(LAB_ROLE, person.lab.entry);
    assert.deepEqual((await list()).outcomes, [[PODS]]);
  });

  it("is given the same token when it asks again at once, which is no refusal", async () => {
    await person.clearCache();
    const { outcomes, traffic } = await list({ rounds: 3 });
    assert.deepEqual(outcomes, [[PODS], [PODS], [PODS]]);
    assert.equal(traffic.pluginRuns, 3);
    assert.equal(traffic.exchanges, 1);
  });

  it("is told each time why there is no token, since nobody else sees it", async () => {
    succeeded(await person.vouch(["logout"]));
    const { outcomes, traffic } = await list({ rounds: 2 });
    const { url } = person.lab.vouch;
    const message = `Error: error: You are not logged in to ${url}. [logged-out]\nRun \`kubectl vouch login --server ${url}\` and touch your security key.\n`;
    assert.deepEqual(outcomes, [[message], [message]]);
    assert.equal(traffic.pluginRuns, 2);
    await person.logIn();
  });
});
