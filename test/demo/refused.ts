import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { LAB_ADMIN_ROLE } from "../lab/administrator.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE, type Lab } from "../lab/lab.ts";
import type { CommandResult } from "../support/run-command.ts";
import { type Actor, CONTEXT } from "./actor.ts";
import { AWS_PROFILE } from "./aws.ts";
import { expect, say } from "./telling.ts";

const CASE = "case.json";

interface Cast {
  readonly lab: Lab;
  readonly ada: Actor;
  readonly grace: Actor;
  /** Whether they have a kubectl: without knowing the client, the doctor is less sure of whom it runs as. */
  readonly hasKubectl: boolean;
}

/** Mornings on which kubectl does not work: two that Grace mends, one that Ada mends alone. */
export async function refused(cast: Cast): Promise<void> {
  await introduceGrace(cast);
  await entryDeleted(cast);
  await namespaceOutOfScope(cast);
  await endpointStale(cast);
}

async function introduceGrace({ grace }: Cast): Promise<void> {
  say(
    "\n9. Ada may describe the cluster, and nothing else of EKS and IAM. Grace runs the cluster. She has a key, a home and a role of her own:",
  );
  await grace.logIn();
  await grace.setUp(LAB_ADMIN_ROLE);
  const profile = ["setup", "aws", "--role", LAB_ADMIN_ROLE, "--region", LAB_REGION];
  expect(await grace.vouch(profile), { status: 0, says: [`Profile ${AWS_PROFILE} added`] });
}

/** As reports write the role where it needs no account. */
const ROLE = LAB_ROLE.replace(/^.*:role\//, "role ");

async function entryDeleted(cast: Cast): Promise<void> {
  const { lab, ada, hasKubectl } = cast;
  say("\n10. One morning the cluster says no more than *Unauthorized*. Ada asks the doctor:");
  lab.cluster.accessEntries.delete(LAB_ROLE);
  expect(await ada.vouch(["cache", "clear"]), { status: 0, says: ["Removed"] });
  expect(await ada.getPods(), { status: 1, says: ["Unauthorized"] });
  expect(await ada.vouch(["doctor", "--context", CONTEXT, "--save", CASE]), {
    status: 79,
    says: [
      `1. Cluster ${LAB_CLUSTER} does not have an access entry or aws-auth mapping for ${ROLE}. (E1)`,
      "for the text to send; attach case.json.",
      "network ✓ mode ✓ mapping ✗",
    ],
  });

  const sure = hasKubectl ? "certain" : "likely";
  await mendedByGrace(cast, {
    cause: "E1",
    sure,
    says: `Cluster ${LAB_CLUSTER} does not have an access entry or effective aws-auth mapping for ${ROLE}`,
  });
  say("\n   Ada is in again:");
  expect(await ada.getPods(), { status: 0, says: ["web-6c9f7d5b8-2xkqp"] });
}

async function namespaceOutOfScope(cast: Cast): Promise<void> {
  const { ada, grace } = cast;
  say("\n11. Grace keeps the policy to the namespaces that Ada works in. Then Ada needs another one:");
  await grace.aws(
    `aws eks associate-access-policy --cluster-name ${LAB_CLUSTER} --region ${LAB_REGION} --principal-arn ${LAB_ROLE} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope 'type=namespace,namespaces=default,team-*'`,
  );
  expect(await ada.getPods({ namespace: "payments" }), { status: 1, says: ["forbidden"] });
  expect(await ada.vouch(["doctor", "--context", CONTEXT, "-n", "payments", "--save", CASE]), {
    status: 79,
    says: [
      "You can list pods in default but not in payments",
      "for the text to send; attach case.json.",
      "mapping ✓ authorization ✗",
    ],
  });

  await mendedByGrace(cast, {
    cause: "P1",
    sure: "certain",
    says: `${ROLE.replace("role", "Role")} can list pods in default, team-* but not in payments`,
  });
  say("\n    Ada may look into payments, too:");
  expect(await ada.getPods({ namespace: "payments" }), { status: 0, says: [] });
}

/** Ada sends her case; Grace completes it with her rights, and does what is printed. */
async function mendedByGrace(
  { ada, grace }: Cast,
  { cause, sure, says }: { readonly cause: string; readonly sure: string; readonly says: string },
): Promise<void> {
  say(`\n   She sends the message and ${CASE} to Grace, who completes the case with her own rights:`);
  fs.copyFileSync(path.join(ada.person.home, CASE), path.join(grace.person.home, CASE));
  const told = await grace.vouch(["doctor", "--evidence", CASE, "--complete"]);
  expect(told, { status: 79, says: [says, `(${cause}, ${sure})`, "Fix (cluster admin)"] });
  assert.ok(!told.stdout.includes("grace"), "the report is about Ada");

  say("\n   She carries out what is printed:");
  for (const line of printedFix(told, cause)) {
    assert.match(line, /^aws eks /);
    await grace.aws(line);
  }
}

async function endpointStale({ ada }: Cast): Promise<void> {
  say("\n12. Some things Ada can mend alone. Her kubeconfig came back from a backup, with an old endpoint:");
  const file = ada.person.env["KUBECONFIG"] ?? "";
  const before = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, before.replace(/server: https:\S+/, "server: https://127.0.0.1:1"));
  expect(await ada.getPods(), { status: 1, says: [] });
  const told = await ada.vouch(["doctor", "--context", CONTEXT]);
  expect(told, {
    status: 79,
    says: ["The kubeconfig points to https://127.0.0.1:1, which", "(N1, likely)", "Fix (you)"],
    saysNot: ["Ask your cluster admin"],
  });

  for (const line of printedFix(told, "N1")) {
    const [program, plugin, ...words] = line.split(" ");
    assert.deepEqual([program, plugin], ["kubectl", "vouch"], line);
    expect(await ada.vouch(words), { status: 0, says: [`Context ${CONTEXT} updated`] });
  }
  expect(await ada.getPods(), { status: 0, says: ["web-6c9f7d5b8-2xkqp"] });
}

/** The commands of a fix, as they are printed. */
function printedFix({ stdout }: CommandResult, cause: string): string[] {
  const fix = stdout.split("\n\n").find((paragraph) => paragraph.startsWith("Fix (")) ?? "";
  const lines = fix.split("\n").filter((line) => /^ {4}(?:aws|kubectl) /.test(line));
  assert.notEqual(lines.length, 0, `no command is printed for ${cause}`);
  return lines.map((line) => line.trim());
}
