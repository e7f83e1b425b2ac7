import assert from "node:assert/strict";
import { LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { allowClusterReads, CREDENTIAL_WORDS, SETUP_WORDS } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";

suiteOnPosix("lab", "the AWS hosts that kubectl vouch setup eks records with a session", () => {
  const desk = labDesk();
  const DEAD = "https://127.0.0.1:9";
  /** The same stand-in by another name. */
  const elsewhere = () => desk.lab.aws.url.replace("127.0.0.1", "localhost");
  /** What is said of the lab's own host, which the variables of the next call name, where another is on record. */
  async function ignored() {
    await desk.run(["cache", "clear"]);
    const { status, stderr } = await desk.run(CREDENTIAL_WORDS, { answersSecret: true });
    assert.equal(status, 0, stderr);
    return /^kubectl-vouch: (.*) is ignored: login recorded (.*)\.$/m.exec(stderr)?.slice(1);
  }

  beforeEach(() => {
    desk.logIn();
    allowClusterReads(desk.lab);
  });

  it("are those that are named now", async () => {
    const { status, stderr } = await desk.run(SETUP_WORDS, { env: { AWS_ENDPOINT_URL: elsewhere() } });
    assert.equal(status, 0, stderr);
    assert.deepEqual(await ignored(), [`AWS_ENDPOINT_URL=${desk.lab.aws.url}`, `${elsewhere()}/`]);
  });

  for (const [name, words, url, ends] of [
    ["a dry run", [...SETUP_WORDS, "--dry-run"], elsewhere, 0],
    ["a dry run that reaches nobody", [...SETUP_WORDS, "--dry-run"], () => DEAD, 4],
    ["a setup that reaches nobody", SETUP_WORDS, () => DEAD, 4],
    [
      "a setup whose cluster is not there",
      ["setup", "eks", "--cluster", "none", "--region", LAB_REGION, "--role", LAB_ROLE],
      elsewhere,
      6,
    ],
  ] as const) {
    it(`stay as they were after ${name}`, async () => {
      const { status, stderr } = await desk.run(words, { env: { AWS_ENDPOINT_URL: url() } });
      assert.equal(status, ends, stderr);
      assert.equal(await ignored(), undefined);
    });
  }
});
