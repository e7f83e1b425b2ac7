import assert from "node:assert/strict";
import fs from "node:fs";
import { COMMANDS, KUBERCS, type PolicyCase, policyWorld } from "../../support/plugin-policy-world.ts";
import { runCommand } from "../../support/run-command.ts";
import { fetchKubectl } from "./fetch.ts";

const VECTORS = JSON.parse(
  fs.readFileSync(new URL("../../vectors/plugin-policy.json", import.meta.url), "utf8"),
) as Record<string, Record<string, Record<string, readonly string[]>>>;

/** Which programs this kubectl starts for a call that needs credentials. */
async function marks(kubectl: string, one: PolicyCase): Promise<readonly string[]> {
  const { kubeconfig, env, cwd, marks, remove } = policyWorld(one);
  try {
    await runCommand([kubectl, "--kubeconfig", kubeconfig, "get", "--raw", "/api"], { env, cwd });
    return marks();
  } finally {
    remove();
  }
}

describe("the policies and commands that the doctor is tried with", () => {
  let kubectl: string;
  before(async () => {
    kubectl = await fetchKubectl("v36");
  });
  for (const kuberc of Object.keys(KUBERCS) as PolicyCase["kuberc"][]) {
    it(`make kubectl 1.36 run what the vectors say: ${kuberc}`, async () => {
      const ran: Record<string, readonly string[]> = {};
      for (const command of Object.keys(COMMANDS) as PolicyCase["command"][])
        ran[command] = await marks(kubectl, { kuberc, command });
      assert.deepEqual(ran, VECTORS["1.36.3"]?.[kuberc]);
    });
  }
});
