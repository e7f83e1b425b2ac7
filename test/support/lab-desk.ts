import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { run } from "../../plugin/cli.ts";
import type { Env } from "../../token/env.ts";
import type { SecurityKeys } from "../../token/fido2/hid/security-keys.ts";
import {
  AWS_LIMITS,
  DOCTOR_AWS_LIMITS,
  DOCTOR_GET_LIMITS,
  KUBERNETES_LIMITS,
  REVIEW_LIMITS,
  VOUCH_LIMITS,
} from "../../token/net/limits.ts";
import { noFaults as noAwsFaults } from "../lab/aws/faults.ts";
import { LAB_ADMIN_KEY } from "../lab/aws/world.ts";
import { type LabClock, labClock } from "../lab/clock.ts";
import type { TouchOutcome } from "../lab/key/soft-consent.ts";
import { SoftKey } from "../lab/key/soft-key.ts";
import { type SoftKeyProfile, YUBIKEY_5_7_1 } from "../lab/key/soft-key-profiles.ts";
import type { SoftKeyState } from "../lab/key/soft-key-state.ts";
import { softSecurityKeys } from "../lab/key/soft-security-keys.ts";
import { noFaults as noKubeFaults } from "../lab/kube/faults.ts";
import { LAB_PIN, type Lab, startLab } from "../lab/lab.ts";
import { noFaults as noVouchFaults } from "../lab/vouch/faults.ts";
import { leaksIn, secretsBelow } from "./canaries.ts";
import { type FakeAppOptions, fakeApp } from "./fake-app.ts";
import { requireSchema } from "./published-schemas.ts";

/** How a command ended, and what it printed. */
interface DeskResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface DeskOptions
  extends Pick<
    FakeAppOptions,
    | "stdin"
    | "terminal"
    | "signal"
    | "notify"
    | "openBrowser"
    | "parentId"
    | "terminals"
    | "columns"
    | "onErr"
    | "databaseHome"
    | "systemConfig"
    | "startedAs"
    | "securityKeys"
  > {
  /** Added to the lab's environment; undefined removes a variable. */
  readonly env?: Env;
  /** Whether stdout may contain a credential, as the answer. */
  readonly answersSecret?: boolean;
  /** Whether stderr has the lines about work that is slow; on a busy machine anything is. */
  readonly showsProgress?: boolean;
}

/** A person at a desk in a running lab. Each test begins with an empty home and a lab that works. */
export interface LabDesk {
  readonly lab: Lab;
  readonly home: string;
  readonly kubeconfig: string;
  /** What the person does when the key blinks. */
  touch: TouchOutcome | (() => Promise<TouchOutcome>);
  /** Whether the key is plugged in. */
  isKeyPlugged: boolean;
  /** Which key it is. */
  keyProfile: SoftKeyProfile;
  /** What is on the key: the PIN's tries, the credentials. */
  key: SoftKeyState;
  /** Runs one command line in this process. Fails if it prints a secret, or an object that breaks its published schema. */
  run(args: readonly string[], options?: DeskOptions): Promise<DeskResult>;
  /** Creates the state after `login --key-store file`, instantly. */
  logIn(): void;
  /** Moves the lab's time until the end of the test. */
  advance(ms: number): void;
  /** Writes a file in the home, and creates its folder. */
  write(name: string, text: string): string;
  read(name: string): string;
}

/** Starts one lab for the suite it is called in. */
export function labDesk(): LabDesk {
  return new Desk(() => labClock());
}

/** One whose time stands still in the middle of a second, unless a test moves it. Other programs have the machine's time. */
export function labDeskAtRest(): LabDesk {
  return new Desk(() => labClock(Math.floor(Date.now() / 1000) * 1000 + 500));
}

/** The product's limits of time for an exchange. On a busy machine a server that answers can take longer. */
const LIMITS: readonly Record<"connectMs" | "totalMs" | "callMs", number>[] = [
  ...[VOUCH_LIMITS, AWS_LIMITS, DOCTOR_AWS_LIMITS, DOCTOR_GET_LIMITS, REVIEW_LIMITS, KUBERNETES_LIMITS],
] as never;
const HANG_MS = 240_000;

/** Until the result is called, exchanges end only when they hang. */
function withoutHaste(): () => void {
  const before = LIMITS.map((limits) => ({ ...limits }));
  for (const limits of LIMITS)
    Object.assign(limits, { connectMs: HANG_MS, totalMs: HANG_MS, callMs: HANG_MS });
  return () => {
    for (const [index, limits] of LIMITS.entries()) Object.assign(limits, before[index]);
  };
}

const PROGRESS =
  /^(?:Asking|Checking|Collecting|Connecting|Contacting|Describing|Getting|Listing|Minting|Reading) .*…\n/gm;

const LOGIN = ["login", "--force", "--pin-stdin", "--key-store", "file"];

class Desk implements LabDesk {
  home = "";
  touch: LabDesk["touch"] = "touched";
  isKeyPlugged = true;
  keyProfile = YUBIKEY_5_7_1;
  #lab: Lab | undefined;
  #keyState: SoftKeyState | undefined;
  #loggedIn = "";
  #homes = 0;
  #advanced = 0;
  #restoreWorld = () => {};
  readonly #secrets = new Set<string>([LAB_PIN, LAB_ADMIN_KEY.secretAccessKey]);

  constructor(newClock: () => LabClock) {
    let hasten = () => {};
    before(async () => {
      hasten = withoutHaste();
      this.#lab = await startLab({ clock: newClock() });
      this.#keyState = this.key;
      this.#restoreWorld = worldAsItIs(this.lab);
      this.#freshHome();
      assert.equal((await this.run(LOGIN, { stdin: `${LAB_PIN}\n`, terminal: "none" })).status, 0);
      this.#loggedIn = this.home;
    });
    beforeEach(() => {
      this.#freshHome();
      if (this.#keyState !== undefined) this.key = { ...this.#keyState, signCount: this.key.signCount };
      this.touch = "touched";
      this.isKeyPlugged = true;
      this.keyProfile = YUBIKEY_5_7_1;
    });
    afterEach(() => {
      fs.rmSync(this.home, { recursive: true, force: true });
      this.#restore();
    });
    after(() => {
      hasten();
      return this.#lab?.close();
    });
  }

  get lab(): Lab {
    assert.ok(this.#lab, "the lab runs only within its suite");
    return this.#lab;
  }

  /** A PATH with only our programs: a machine may have an AWS CLI and a kubectl, or none. */
  get #programs(): string {
    const [own = ""] = this.lab.env["PATH"]?.split(":") ?? [];
    return own;
  }

  get kubeconfig(): string {
    return path.join(this.home, ".kube", "config");
  }

  get key(): SoftKeyState {
    return JSON.parse(fs.readFileSync(this.#keyFile, "utf8")) as SoftKeyState;
  }

  set key(state: SoftKeyState) {
    fs.writeFileSync(this.#keyFile, JSON.stringify(state));
  }

  get #keyFile(): string {
    return path.join(path.dirname(this.lab.home), "security-key.json");
  }

  async run(args: readonly string[], options: DeskOptions = {}): Promise<DeskResult> {
    const { env = {}, answersSecret = false, showsProgress = false, ...rest } = options;
    const app = fakeApp({
      home: this.home,
      env: { ...this.lab.env, PATH: this.#programs, HOME: this.home, KUBECONFIG: this.kubeconfig, ...env },
      clock: this.lab.clock,
      securityKeys: async () => this.#securityKeys(),
      ...rest,
    });
    this.#learnSecrets();
    const status = await run(args, app);
    this.#learnSecrets();

    const { stdout, stderr } = app.written;
    const { terminal } = rest;
    const shown = typeof terminal === "object" ? terminal.shown() : "";
    const told = leaksIn(`${answersSecret ? "" : stdout}\n${stderr}\n${shown}`, this.#secrets);
    assert.deepEqual(told, [], `secrets told by ${args.join(" ")}`);
    requireSchema(args, stdout);
    return { status, stdout, stderr: showsProgress ? stderr : stderr.replace(PROGRESS, "") };
  }

  logIn(): void {
    fs.cpSync(this.#loggedIn, this.home, { recursive: true, preserveTimestamps: true });
  }

  advance(ms: number): void {
    this.lab.clock.advance(ms);
    this.#advanced += ms;
  }

  write(name: string, text: string): string {
    const file = path.join(this.home, name);
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    fs.writeFileSync(file, text);
    return file;
  }

  read(name: string): string {
    return fs.readFileSync(path.join(this.home, name), "utf8");
  }

  #freshHome(): void {
    this.#homes += 1;
    this.home = path.join(path.dirname(this.lab.home), `home-${this.#homes}`);
    fs.mkdirSync(this.home, { mode: 0o700 });
  }

  #securityKeys(): SecurityKeys {
    const key = new SoftKey({
      profile: this.keyProfile,
      loadState: () => this.key,
      saveState: (state) => {
        this.key = state;
      },
      touch: async () => (typeof this.touch === "string" ? this.touch : this.touch()),
    });
    return softSecurityKeys({ keys: this.isKeyPlugged ? [key] : [] });
  }

  /** Switches the faults off again, and restores the world. */
  #restore(): void {
    const { vouch, aws, kube } = this.lab;
    Object.assign(vouch.faults, noVouchFaults());
    Object.assign(aws.faults, noAwsFaults());
    for (const server of kube.values()) Object.assign(server.faults, noKubeFaults());
    this.#restoreWorld();
    this.lab.clock.advance(-this.#advanced);
    this.#advanced = 0;
  }

  #learnSecrets(): void {
    for (const secret of secretsBelow(this.home)) this.#secrets.add(secret);
    for (const session of this.lab.world.sessions.values()) {
      this.#secrets.add(session.secretAccessKey);
      this.#secrets.add(session.sessionToken);
    }
  }
}

/** Remembers clusters, their entries and the roles. The result restores them. */
function worldAsItIs({ world }: Lab): () => void {
  const clusters = world.clusters.map((cluster) => ({
    cluster,
    before: { ...cluster },
    entries: new Map(cluster.accessEntries),
  }));
  const roles = structuredClone(world.roles);
  return () => {
    for (const { cluster, before, entries } of clusters)
      Object.assign(cluster, { ...before, accessEntries: new Map(entries) });
    world.clusters.splice(0, world.clusters.length, ...clusters.map(({ cluster }) => cluster));
    world.roles.clear();
    for (const [arn, role] of structuredClone(roles)) world.roles.set(arn, role);
  };
}
