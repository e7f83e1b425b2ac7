/** `npm run demo`: the main job as a story, on the lab. Ends with status 1 when anything is not as it is told. */

import assert from "node:assert/strict";
import { addAdministrator } from "../lab/administrator.ts";
import { LAB_ROLE, LAB_USER, type Lab, startLab } from "../lab/lab.ts";
import { Actor, CONTEXT } from "./actor.ts";
import { findAws } from "./aws.ts";
import { findKubectl } from "./kubectl.ts";
import { newcomer } from "./newcomer.ts";
import { refused } from "./refused.ts";
import { expect, say } from "./telling.ts";

/** What the last steps cost: requests to the Vouch server, calls to AWS by the person (not by the API server). */
function takeCost({ aws, vouch }: Lab): { readonly vouch: number; readonly aws: number } {
  const cost = {
    vouch: vouch.requests.filter(({ path }) => path.startsWith("/v1/")).length,
    aws: aws.calls.filter(({ operation }) => operation.startsWith("AssumeRole")).length,
  };
  vouch.clearRequests();
  aws.clearCalls();
  return cost;
}

async function daily(ada: Actor, lab: Lab): Promise<void> {
  say(
    "1. Ada holds a security key that is enrolled at her company's Vouch server. In the morning she logs in:",
  );
  await ada.logIn();

  say(
    "\n2. Once per cluster she writes a kubectl context. Nothing else in her kubeconfig is touched, and --undo takes it back:",
  );
  await ada.setUp(LAB_ROLE);
  expect(await ada.vouch(["cache", "clear"]), { status: 0, says: ["Removed"] });

  say(
    "\n3. From now on kubectl just works. The first call exchanges her login for AWS credentials and signs a token:",
  );
  takeCost(lab);
  expect(await ada.getPods(), { status: 0, says: ["web-6c9f7d5b8-2xkqp"] });
  const cold = takeCost(lab);
  say(`\n  That took ${cold.vouch} request to the Vouch server and ${cold.aws} to AWS STS.`);
  assert.deepEqual(cold, { vouch: 1, aws: 1 });

  say("\n4. The next calls find the token on this machine. It lives at most 14 minutes:");
  expect(await ada.getPods(), { status: 0, says: ["web-6c9f7d5b8-2xkqp"] });
  const warm = takeCost(lab);
  say(`\n  That took ${warm.vouch} requests to the Vouch server and ${warm.aws} to AWS STS.`);
  assert.deepEqual(warm, { vouch: 0, aws: 0 });

  say(
    "\n5. She may look into the namespace default, and not into payments. The cluster says so, and who she is there:",
  );
  expect(await ada.getPods({ namespace: "payments" }), { status: 1, says: ["forbidden"] });
  expect(await ada.vouch(["whoami", "--context", CONTEXT, "--can", "-n", "payments"]), {
    status: 0,
    says: ["assumed-role/VouchDeveloper"],
  });

  say("\n6. In the evening the session ends. kubectl says what to do, once:");
  expect(await ada.vouch(["logout"]), { status: 0, says: [`Logged out ${LAB_USER}`] });
  expect(await ada.getPods(), { status: 1, says: ["kubectl vouch login"] });

  say("\n7. The next morning she touches her key again:");
  await ada.logIn();
  expect(await ada.getPods(), { status: 0, says: ["web-6c9f7d5b8-2xkqp"] });
}

const kubectl = await findKubectl(say);
const lab = await startLab();
try {
  const aws = await findAws(lab);
  say(`kubectl-vouch, shown with ${kubectl.name} and ${aws.name} on a lab in this process:
a Vouch server, AWS (STS, EKS, IAM), the API server of a cluster, and security keys in software. Everything
listens on loopback; nothing of yours is touched.\n`);
  const ada = new Actor(lab, { kubectl, aws });
  await daily(ada, lab);
  await newcomer(lab, { kubectl, aws });
  const grace = new Actor(await addAdministrator(lab), { kubectl, aws });
  await refused({ lab, ada, grace, hasKubectl: kubectl.program !== undefined });
  say(
    `\nThat was ${kubectl.name} and ${aws.name}, with credentials that began as an assertion of a FIDO2 key.`,
  );
  say("Try it by hand: npm run lab -- --env-file /tmp/lab.env");
} finally {
  await lab.close();
}
process.exit(0);
