import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { DoctorReport } from "../../doctor/report/report-schema.ts";
import { type LabPerson, labPerson, succeeded } from "../end-to-end/lab-person.ts";
import { CONTEXTS, type FaultPlace } from "../lab/faults/lab-fault.ts";
import { addPeople } from "../lab/faults/lab-people.ts";
import { snapshotLab } from "../lab/faults/lab-snapshot.ts";
import { administratorEnvironment, LAB_CLUSTER, LAB_REGION, startLab } from "../lab/lab.ts";
import { startForkedAws } from "../peers/aws-cli/forked-aws.ts";
import { fetchKubectl } from "../peers/kubectl/fetch.ts";
import { connectProxy } from "../token/net/connect-proxy.ts";
import { SETUP_WORDS } from "./lab-words.ts";
import { programOnPath } from "./on-path.ts";
import { type CommandResult, runCommand } from "./run-command.ts";

export interface DoctorLab {
  readonly person: LabPerson;
  /** What faults touch; its `env` is the shell of the person. */
  readonly place: FaultPlace;
  /** Real kubectl, real AWS CLI, our program, in the person's shell. */
  run(command: readonly string[], call?: DoctorCall): Promise<CommandResult>;
  /** `kubectl vouch doctor -o json`, read. */
  doctor(words: readonly string[], call?: DoctorCall): Promise<DoctorReport>;
  /** Where each such call saves its evidence. */
  readonly saved: string;
  /** The same, with kubectl run by the doctor with these words. */
  doctorRuns(context: string, words: readonly string[]): Promise<DoctorReport>;
  /**
   * Makes the next tokens new: ours is no longer cached, and the second, which is part of a signature, has changed. For ten
   * seconds an API server keeps accepting a token that it has accepted.
   */
  forgetTokens(): Promise<void>;
  /** Restores everything as it was at the start. */
  restore(): void;
  close(): Promise<void>;
}

/** Every name of AWS; the proxy refuses all others, as one with a list of allowed hosts does. */
const AWS_TARGET = /\.(?:amazonaws\.com|api\.aws):443$/;
const NOT_ALLOWED = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";

/** Source: token/hot/state-files.ts. */
const STATE = ".local/state/kubectl-vouch";

interface DoctorCall {
  readonly stdin?: string;
  /** Run with the administrator's keys and kubeconfig. */
  readonly asAdministrator?: boolean;
}

/**
 * A lab with the real kubectl and AWS CLI in it, all contexts set up by the tools themselves. AWS's own host names lead to the
 * lab through a proxy: the AWS CLI knows of no other endpoint, so its tokens are signed for AWS.
 */
export async function startDoctorLab(): Promise<DoctorLab> {
  const stops: (() => Promise<void>)[] = [];
  /** All of them, also after one that fails. */
  const close = async () => {
    const stopped = await Promise.allSettled(stops.splice(0).map((stop) => stop()));
    for (const one of stopped) if (one.status === "rejected") throw one.reason;
  };
  try {
    return { ...(await furnishLab(stops)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Adds to `stops` how to stop what runs. */
async function furnishLab(stops: (() => Promise<void>)[]): Promise<Omit<DoctorLab, "close">> {
  const lab = await startLab();
  stops.push(() => lab.close());
  const proxy = await connectProxy({
    port: Number(new URL(lab.aws.url).port),
    refusal: (target) => (AWS_TARGET.test(target) ? undefined : NOT_ALLOWED),
  });
  stops.push(() => proxy.close());
  const kubectl = await fetchKubectl("v36");
  addPeople(lab);
  const person = labPerson(lab);
  const aws = await startForkedAws(programOnPath("aws"), {
    folder: path.join(person.folder, "aws"),
    home: lab.home,
  });
  stops.push(() => aws.close());
  const env = personEnvironment(person, {
    proxy: proxy.url,
    tools: [path.dirname(kubectl), path.dirname(aws.program)],
  });
  const administratorFile = path.join(person.folder, "administrator.yaml");

  const ownEnv = { ...env };
  /** The administrator has a shell of their own: what a fault does to the person's is not in it. */
  const run = (command: readonly string[], { stdin = "", asAdministrator = false }: DoctorCall = {}) => {
    const administrator = { ...ownEnv, ...administratorEnvironment(), KUBECONFIG: administratorFile };
    return runCommand(command, {
      env: asAdministrator ? administrator : env,
      stdin,
      cwd: person.folder,
    });
  };
  const kubeconfig = env["KUBECONFIG"] ?? "";
  const place = {
    lab,
    aws: aws.program,
    kubeconfig,
    folder: person.folder,
    env,
    logIn: () => person.logIn(),
    run: (command: readonly string[]) => run(command),
  };
  const saved = path.join(person.folder, "evidence.json");
  const doctor = async (words: readonly string[], call?: DoctorCall) => {
    const result = await run(["kubectl", "vouch", "doctor", "-o", "json", "--save", saved, ...words], call);
    assert.match(result.stdout, /^\{/, `the doctor ended with ${result.status} and said: ${result.stderr}`);
    return JSON.parse(result.stdout) as DoctorReport;
  };
  await person.logIn();
  await writeContexts(run, { grace: kubeconfig, administrator: administratorFile });
  const restoreLab = snapshotLab(lab);

  return {
    person,
    place,
    run,
    doctor,
    saved,
    doctorRuns: (context, words) => doctor(["--context", context, "--", ...words]),
    async forgetTokens() {
      for (const file of fs.globSync(path.join(lab.home, STATE, "sessions", "*", "token-*.json")))
        fs.rmSync(file);
      const second = () => Math.floor(Date.now() / 1000);
      for (const now = second(); now === second(); ) await delay(20);
    },
    restore() {
      restoreLab();
      for (const name of Object.keys(env)) delete env[name];
      Object.assign(env, ownEnv);
    },
  };
}

/** Each with its own tool. Then kubectl knows the API, so that on a 401 it asks for a token twice, not seven times. */
async function writeContexts(
  run: DoctorLab["run"],
  files: Readonly<Record<"grace" | "administrator", string>>,
): Promise<void> {
  for (const profile of ["administrator", "grace"] as const)
    succeeded(await run(updateKubeconfig(profile, files[profile])));
  succeeded(await run(["kubectl-vouch", ...SETUP_WORDS]));
  succeeded(await run(["kubectl", "config", "use-context", CONTEXTS.ours]));
  for (const context of [CONTEXTS.ours, CONTEXTS.grace])
    succeeded(await run(["kubectl", "--context", context, "get", "pods"]));
}

/** The context that the real AWS CLI writes for a profile. */
function updateKubeconfig(profile: "administrator" | "grace", kubeconfig: string): string[] {
  const alias = CONTEXTS[profile];
  const names = ["--alias", alias, "--user-alias", alias, "--kubeconfig", kubeconfig];
  return ["env", `AWS_PROFILE=${profile}`, ...AWS, "update-kubeconfig", "--name", LAB_CLUSTER, ...names];
}

const AWS = ["aws", "eks", "--region", LAB_REGION];

interface Tools {
  readonly proxy: string;
  /** Folders with kubectl and aws. */
  readonly tools: readonly string[];
}

function personEnvironment({ env, lab }: LabPerson, { proxy, tools }: Tools): Record<string, string> {
  const { AWS_ENDPOINT_URL: _, ...rest } = env;
  const [own = ""] = env["PATH"]?.split(":") ?? [];
  return {
    ...rest,
    PATH: [own, ...tools, "/usr/bin", "/bin"].join(":"),
    HTTPS_PROXY: proxy,
    NO_PROXY: `localhost,127.0.0.1`,
    AWS_PAGER: "",
    AWS_MAX_ATTEMPTS: "1",
    KUBECONFIG: path.join(lab.home, ".kube", "config"),
  };
}
