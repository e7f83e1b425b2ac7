import assert from "node:assert/strict";
import { CONTEXT, succeeded } from "../../end-to-end/lab-person.ts";
import { addAgentRole } from "../../lab/agent-role.ts";
import { accessPolicy } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_ROLE } from "../../lab/lab.ts";
import { SETUP_WORDS } from "../../support/lab-words.ts";
import { describeKubectl } from "./kubectl-lab.ts";
import { runInTerminal } from "./kubectl-terminal.ts";

const POD = ["delete", "pod", "web-0"];

describeKubectl("contexts with safeguards", (peer) => {
  const agent = { env: { CLAUDECODE: "1" } };
  const kubectl = (words: readonly string[], call = {}) =>
    peer().kubectl(["--context", CONTEXT, ...words], call);

  before(() => {
    const entry = peer().lab.cluster.accessEntries.get(LAB_ROLE);
    entry?.policies.push(accessPolicy("AmazonEKSEditPolicy"));
  });

  describe("for AI agents", () => {
    before(async () => {
      succeeded(await peer().vouch([...SETUP_WORDS, "--agent-role", addAgentRole(peer().lab)]));
    });

    it("let an agent read and not delete, and the user do both, one after the other", async () => {
      for (const _ of [1, 2]) {
        succeeded(await kubectl(["get", "pods"], agent));
        assert.match((await kubectl(POD, agent)).stderr, /\(Forbidden\).*VouchReader/);
        assert.match((await kubectl(POD)).stderr, /\(NotFound\)/);
      }
    });
  });

  describe("that are protected", () => {
    before(async () => {
      succeeded(await peer().vouch([...SETUP_WORDS, "--agent-role", "none", "--protected"]));
    });

    it("are read without a question", async () => {
      succeeded(await kubectl(["get", "pods"]));
      succeeded(await peer().kubectl(["get", "pods", "-n", "default", "--context", CONTEXT]));
      assert.equal((await kubectl(["auth", "can-i", "delete", "pods"])).stdout, "yes\n");
    });

    it("are not changed without a terminal, unless the command is confirmed", async () => {
      const refused = await kubectl(POD);
      assert.match(
        refused.stderr,
        /^error: kubectl --context lab-vouch delete pod web-0: context lab-vouch is protected, /m,
      );
      assert.equal(refused.stderr.match(/change-unconfirmed/g)?.length, 1, "said once");
      assert.match((await kubectl(POD, { env: { VOUCH_CONFIRM: LAB_CLUSTER } })).stderr, /\(NotFound\)/);
    });

    it("ask once at the terminal, also of a kubectl with two clients", async () => {
      const manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: safeguards}\n";
      const command = `printf '${manifest.replaceAll("\n", "\\n")}' | ${peer().program} --context ${CONTEXT} apply -f -`;
      const typed = [{ after: "to continue: ", text: `${LAB_CLUSTER}\r` }];
      const { status, screen } = await runInTerminal(command, { env: peer().env, typed });
      assert.equal(status, 0, screen);
      assert.equal(screen.match(/to continue: /g)?.length, 1);
      assert.match(screen, /configmap\/safeguards created/);
    });
  });
});
