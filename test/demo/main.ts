/** `npm run demo`: the main job as a story, on the lab. Ends with status 1 when anything is not as it is told. */

import assert from "node:assert/strict";
import { LAB_CLUSTER, LAB_PIN, LAB_ROLE, LAB_USER, type Lab, startLab } from "../lab/lab.ts";
import { SETUP_WORDS } from "../support/lab-words.ts";
import { type CommandResult, runCommand } from "../support/run-command.ts";
import { findKubectl, type Kubectl } from "./kubectl.ts";

const CONTEXT = `${LAB_CLUSTER}-vouch`;

/** One telling of the story. */
class Story {
  readonly #lab: Lab;
  readonly #kubectl: Kubectl;
  readonly #env: Readonly<Record<string, string>>;

  constructor(lab: Lab, kubectl: Kubectl) {
    this.#lab = lab;
    this.#kubectl = kubectl;
    this.#env = lab.env;
  }

  /** Runs one of our commands and shows it as a person would see it. */
  async vouch(words: readonly string[], stdin = ""): Promise<CommandResult> {
    say(`\n  $ ${stdin === "" ? "" : "printf '%s\\n' \"$LAB_PIN\" | "}kubectl vouch ${words.join(" ")}`);
    return show(await this.#quiet(words, stdin));
  }

  #quiet(words: readonly string[], stdin = ""): Promise<CommandResult> {
    const program =
      this.#kubectl.program === undefined ? ["kubectl-vouch"] : [this.#kubectl.program, "vouch"];
    return runCommand([...program, ...words], { env: this.#env, stdin });
  }

  async getPods(namespace = "default"): Promise<CommandResult> {
    say(`\n  $ kubectl --context ${CONTEXT}${namespace === "default" ? "" : ` -n ${namespace}`} get pods`);
    return show(await this.#kubectl.getPods({ context: CONTEXT, namespace, env: this.#env }));
  }

  /** kubectl fails, and the doctor's first cause is this one. */
  async askDoctor(cause: string): Promise<void> {
    expect(await this.vouch(["cache", "clear"]), { status: 0, says: "Removed" });
    expect(await this.getPods(), { status: 1, says: "" });
    const told = await this.vouch(["doctor", "--context", CONTEXT]);
    expect(told, { status: 79, says: `${cause} ` });
    const { stdout } = await this.#quiet(["doctor", "--context", CONTEXT, "-o", "json"]);
    const report = JSON.parse(stdout) as { rootCauses: { cause: string }[] };
    assert.deepEqual(
      report.rootCauses.map((root) => root.cause),
      [cause],
    );
  }

  /** What the last steps cost: requests to the Vouch server, calls to AWS by the person (not by the API server). */
  takeCost(): { readonly vouch: number; readonly aws: number } {
    const aws = this.#lab.aws.calls.filter(({ operation }) => operation.startsWith("AssumeRole")).length;
    const vouch = this.#lab.vouch.requests.filter(({ path }) => path.startsWith("/v1/")).length;
    const cost = { vouch, aws };
    this.#lab.vouch.clearRequests();
    this.#lab.aws.clearCalls();
    return cost;
  }
}

async function tell(story: Story): Promise<void> {
  say(
    "1. Ada holds a security key that is enrolled at her company's Vouch server. In the morning she logs in:",
  );
  expect(await story.vouch(["login", "--pin-stdin"], `${LAB_PIN}\n`), {
    status: 0,
    says: `Logged in as ${LAB_USER}`,
  });

  say(
    "\n2. Once per cluster she writes a kubectl context. Nothing else in her kubeconfig is touched, and --undo takes it back:",
  );
  expect(await story.vouch(SETUP_WORDS), { status: 0, says: `Context ${CONTEXT} added` });
  expect(await story.vouch(["cache", "clear"]), { status: 0, says: "Removed" });

  say(
    "\n3. From now on kubectl just works. The first call exchanges her login for AWS credentials and signs a token:",
  );
  story.takeCost();
  expect(await story.getPods(), { status: 0, says: "web-6c9f7d5b8-2xkqp" });
  const cold = story.takeCost();
  say(`\n  That took ${cold.vouch} request to the Vouch server and ${cold.aws} to AWS STS.`);
  assert.deepEqual(cold, { vouch: 1, aws: 1 });

  say("\n4. The next calls find the token on this machine. It lives at most 14 minutes:");
  expect(await story.getPods(), { status: 0, says: "web-6c9f7d5b8-2xkqp" });
  const warm = story.takeCost();
  say(`\n  That took ${warm.vouch} requests to the Vouch server and ${warm.aws} to AWS STS.`);
  assert.deepEqual(warm, { vouch: 0, aws: 0 });

  say(
    "\n5. She may look into the namespace default, and not into payments. The cluster says so, and who she is there:",
  );
  expect(await story.getPods("payments"), { status: 1, says: "forbidden" });
  expect(await story.vouch(["whoami", "--context", CONTEXT, "--can", "-n", "payments"]), {
    status: 0,
    says: "assumed-role/VouchDeveloper",
  });

  say("\n6. In the evening the session ends. kubectl says what to do, once:");
  expect(await story.vouch(["logout"]), { status: 0, says: `Logged out ${LAB_USER}` });
  expect(await story.getPods(), { status: 1, says: "kubectl vouch login" });

  say("\n7. The next morning she touches her key again:");
  expect(await story.vouch(["login", "--pin-stdin"], `${LAB_PIN}\n`), {
    status: 0,
    says: `Logged in as ${LAB_USER}`,
  });
  expect(await story.getPods(), { status: 0, says: "web-6c9f7d5b8-2xkqp" });
}

/** Three mornings on which kubectl does not work, and what the doctor says first. */
async function breakThrice(story: Story, lab: Lab): Promise<void> {
  const { cluster, world } = lab;
  const role = world.roles.get(LAB_ROLE);
  const entry = cluster.accessEntries.get(LAB_ROLE);
  if (role === undefined || entry === undefined) throw new Error("the lab lacks its role or its entry");
  role.allows.push({ actions: ["eks:Describe*", "eks:List*", "iam:GetRole"], resources: ["*"] });

  say(
    "\n8. One morning kubectl says no more than *Unauthorized*: somebody deleted the role's access entry. The doctor:",
  );
  cluster.accessEntries.delete(LAB_ROLE);
  await story.askDoctor("E1");
  cluster.accessEntries.set(LAB_ROLE, entry);

  say(
    "\n9. Another morning, the same words: the role was deleted and made again, and the entry only looks right:",
  );
  const { uniqueId, createDate } = role;
  Object.assign(role, { uniqueId: "AROARECREATED00000001", createDate: new Date(lab.clock()) });
  await story.askDoctor("E3");
  Object.assign(role, { uniqueId, createDate });

  say("\n10. And once more: the cluster was set to look at aws-auth only:");
  cluster.authenticationMode = "CONFIG_MAP";
  await story.askDoctor("M1");
  cluster.authenticationMode = "API_AND_CONFIG_MAP";
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function show(result: CommandResult): CommandResult {
  for (const line of `${result.stdout}${result.stderr}`.split("\n").filter((text) => text !== ""))
    say(`    ${line}`);
  return result;
}

function expect(
  { status, stdout, stderr }: CommandResult,
  wanted: { readonly status: number; readonly says: string },
): void {
  assert.equal(status, wanted.status, `it ended with status ${status}`);
  assert.ok(`${stdout}${stderr}`.includes(wanted.says), `it did not say: ${wanted.says}`);
}

const kubectl = await findKubectl(say);
say(`kubectl-vouch, shown with ${kubectl.name} on a lab in this process: a Vouch server,
AWS (STS, EKS, IAM), the API server of a cluster, and a security key in software. Everything listens on
loopback; nothing of yours is touched.\n`);
const lab = await startLab();
try {
  const story = new Story(lab, kubectl);
  await tell(story);
  await breakThrice(story, lab);
  say(`\nThat was ${kubectl.name}, with a credential that began as an assertion of a FIDO2 key.`);
  say("Try it by hand: npm run lab -- --env-file /tmp/lab.env");
} finally {
  await lab.close();
}
process.exit(0);
