/** `npm run demo`: the main job as a story, on the lab. Ends with status 1 when anything is not as it is told. */
import assert from "node:assert/strict";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE, LAB_USER, type Lab, startLab } from "../lab/lab.ts";
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
    const program =
      this.#kubectl.program === undefined ? ["kubectl-vouch"] : [this.#kubectl.program, "vouch"];
    return show(await runCommand([...program, ...words], { env: this.#env, stdin }));
  }

  async getPods(namespace = "default"): Promise<CommandResult> {
    say(`\n  $ kubectl --context ${CONTEXT}${namespace === "default" ? "" : ` -n ${namespace}`} get pods`);
    return show(await this.#kubectl.getPods({ context: CONTEXT, namespace, env: this.#env }));
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
  const setup = ["setup", "eks", "--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE];
  expect(await story.vouch(setup), { status: 0, says: `Context ${CONTEXT} added` });
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
  await tell(new Story(lab, kubectl));
  say(`\nThat was ${kubectl.name}, with a credential that began as an assertion of a FIDO2 key.`);
  say("Try it by hand: npm run lab -- --env-file /tmp/lab.env");
} finally {
  await lab.close();
}
process.exit(0);
