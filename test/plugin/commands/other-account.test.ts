import assert from "node:assert/strict";
import { enrolCredential } from "../../lab/key/soft-key-state.ts";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE, LAB_USER } from "../../lab/lab.ts";
import { labDeskAtRest } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";

const GRACE = "grace@example.com";
const WITH_PIN = { stdin: `${LAB_PIN}\n`, terminal: "none" } as const;

suiteOnPosix("lab", "somebody else who logs in beside the first", () => {
  const desk = labDeskAtRest();
  const logIn = (account: string) =>
    desk.run(["login", "--pin-stdin", "--key-store", "file", "--account", account], WITH_PIN);
  const setUp = () =>
    desk.run(["setup", "eks", "--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE]);
  const whoIs = async (context: string) => {
    const { stdout, stderr } = await desk.run(["whoami", "--context", context, "-o", "json"]);
    return stdout === "" ? stderr : (JSON.parse(stdout).aws.identity as string);
  };
  const CONTEXT = `${LAB_CLUSTER}-vouch`;

  beforeEach(async () => {
    const user = desk.lab.vouch.addUser({ email: GRACE, domain: "example.com" });
    const state = desk.key;
    const userHandle = Buffer.from(user.id.replaceAll("-", ""), "hex");
    const credential = enrolCredential(state, { rpId: "localhost", userHandle, userName: GRACE });
    desk.key = state;
    desk.lab.vouch.addCredential({ userId: user.id, ...credential });
    assert.equal((await logIn(LAB_USER)).status, 0);
    assert.equal((await setUp()).status, 0);
  });

  it("does not become the person of a context that names none, and is told so", async () => {
    const { stderr } = await logIn(GRACE);
    assert.match(
      stderr,
      /Logged in as grace@example\.com .*\nContexts without an account keep using ada@example\.com\. To change that: `kubectl vouch logout --account ada@example\.com`\n/,
    );
    assert.equal(await whoIs(CONTEXT), LAB_USER);
  });

  it("has an own context, which names the account, after the next setup", async () => {
    await logIn(GRACE);
    assert.equal((await setUp()).status, 0);
    assert.match(desk.read(".kube/config"), /--account\W+grace@example\.com/);
    const contexts = [...desk.read(".kube/config").matchAll(/^ {2}name: (lab-\S+)$/gm)].map(
      ([, name = ""]) => name,
    );
    assert.deepEqual([...new Set(await Promise.all(contexts.map(whoIs)))].sort(), [LAB_USER, GRACE]);
  });

  it("has those contexts once the first one has logged out", async () => {
    await logIn(GRACE);
    await desk.run(["logout", "--account", LAB_USER]);
    assert.equal(await whoIs(CONTEXT), GRACE);
  });
});
