import assert from "node:assert/strict";
import path from "node:path";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION } from "../lab/lab.ts";
import type { Person } from "../lab/person.ts";
import { type CommandResult, runCommand } from "../support/run-command.ts";
import type { Aws } from "./aws.ts";
import type { Kubectl } from "./kubectl.ts";
import { expect, say, show } from "./telling.ts";

/** What setup calls the context of the lab's cluster, for everybody. */
export const CONTEXT = `${LAB_CLUSTER}-vouch`;

/** What people run besides `kubectl-vouch`. */
export interface Tools {
  readonly kubectl: Kubectl;
  readonly aws: Aws;
}

/** A person of the story, in an own home; each command is shown as a person would see it. */
export class Actor {
  readonly person: Person;
  readonly #tools: Tools;
  readonly #prompt: string;

  constructor(person: Person, tools: Tools) {
    const { program } = tools.kubectl;
    const folder = program === undefined || program === "kubectl" ? [] : [path.dirname(program)];
    const PATH = [...folder, person.env["PATH"]].join(":");
    this.person = { ...person, env: { ...person.env, PATH } };
    this.#tools = tools;
    this.#prompt = `${person.email.slice(0, person.email.indexOf("@"))}$`;
  }

  async vouch(words: readonly string[], stdin = ""): Promise<CommandResult> {
    const input = stdin === "" ? "" : "printf '%s\\n' \"$LAB_PIN\" | ";
    say(`\n  ${this.#prompt} ${input}kubectl vouch ${words.join(" ")}`);
    const { program } = this.#tools.kubectl;
    const command = program === undefined ? ["kubectl-vouch"] : [program, "vouch"];
    const { env, home } = this.person;
    return show(await runCommand([...command, ...words], { env, cwd: home, stdin }));
  }

  async logIn(): Promise<void> {
    expect(await this.vouch(["login", "--pin-stdin"], `${LAB_PIN}\n`), {
      status: 0,
      says: [`Logged in as ${this.person.email}`],
    });
  }

  /** Writes the context of the lab's cluster, for a role. */
  async setUp(role: string): Promise<void> {
    const words = ["setup", "eks", "--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--role", role];
    expect(await this.vouch(words), { status: 0, says: [`Context ${CONTEXT} added`] });
  }

  async getPods({ context = CONTEXT, namespace = "default" } = {}): Promise<CommandResult> {
    const place = namespace === "default" ? "" : ` -n ${namespace}`;
    say(`\n  ${this.#prompt} kubectl --context ${context}${place} get pods`);
    return show(await this.#tools.kubectl.getPods({ context, namespace, env: this.person.env }));
  }

  /** Carries out a line of `aws eks`, word by word as it stands there. */
  async aws(line: string): Promise<void> {
    say(`\n  ${this.#prompt} ${line}`);
    const { status, stderr } = show(await this.#tools.aws.run(line, this.person));
    assert.equal(status, 0, stderr);
  }
}
