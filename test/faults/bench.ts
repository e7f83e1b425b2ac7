import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { addPeople } from "../lab/faults/lab-people.ts";
import type { SoftKeyState } from "../lab/key/soft-key-state.ts";
import { type Lab, startLab } from "../lab/lab.ts";
import type { Takeover } from "../lab/takeover.ts";
import { type Command, commandLine, type HomeKind, LAB_PROGRAM, ROOT, SET_UP } from "./commands.ts";
import { foreignAwsConfig, foreignKubeconfig } from "./foreign-files.ts";
import { type RunOptions, type WatchedResult, type WatchedRun, watchRun } from "./watched-run.ts";

/** A home of one trial. */
export interface TrialHome {
  readonly folder: string;
  readonly kubeconfig: string;
  readonly awsConfig: string;
  /** Folders of ours. */
  readonly state: string;
  readonly keys: string;
  /** Starts a command in it. */
  start(command: Command, options?: TrialOptions): WatchedRun;
  /** Runs a command in it to its end. */
  run(command: Command, options?: TrialOptions): Promise<WatchedResult>;
}

export interface TrialOptions extends Partial<Omit<RunOptions, "stdin">> {
  /** Where the repository is seen by the command; where it is, when absent. */
  readonly root?: string;
  /** Options of Node. */
  readonly node?: readonly string[];
  /** What stands in front of the whole command line, such as `prlimit`. */
  readonly prefix?: readonly string[];
}

/** A lab, and homes in it that are copies of prepared ones. */
export interface Bench {
  readonly lab: Lab;
  /**
   * A fresh home. One name is one path, so that files which name their place are right in each copy; the earlier home of
   * that name is gone. `under` is another folder to put it into.
   */
  home(kind: HomeKind, where?: { readonly name?: string; readonly under?: string }): TrialHome;
  close(): Promise<void>;
}

/** Starts a lab and prepares its homes. `places` are folders besides the lab's where homes will be. */
export async function startBench(): Promise<Bench> {
  const lab = await startLab();
  const folder = path.dirname(lab.home);
  const keyStateFile = path.join(folder, "security-key.json");
  letOthersIn(folder);
  addPeople(lab);
  keepSessions(lab);
  let signCount = (JSON.parse(fs.readFileSync(keyStateFile, "utf8")) as SoftKeyState).signCount;

  const homeAt = (place: string): TrialHome => {
    const { HOME: _, KUBECONFIG: __, KUBECACHEDIR: ___, ...env } = lab.env;
    const own = {
      ...env,
      HOME: place,
      KUBECONFIG: path.join(place, ".kube", "config"),
      LAB_DATABASE_HOME: os.userInfo().homedir,
      LAB_KEY_STATE: path.join(folder, `key-of-${path.basename(place)}.json`),
    };
    const start: TrialHome["start"] = (command, { node = [], prefix = [], root = ROOT, ...options } = {}) => {
      if (command.isLogin) {
        // Each login has a copy of the key, further on than all before: a kill in the middle does it no harm.
        signCount += 10;
        const state = { ...JSON.parse(fs.readFileSync(keyStateFile, "utf8")), signCount };
        fs.writeFileSync(own.LAB_KEY_STATE, JSON.stringify(state));
        if (options.userId !== undefined) fs.chownSync(own.LAB_KEY_STATE, options.userId, options.userId);
      }
      const { words, stdin } = commandLine(command, { lab, node });
      const run = { ...options, stdin, env: { ...own, ...options.env } };
      return watchRun([...prefix, ...words.map((word) => word.replace(ROOT, root))], run);
    };
    return {
      folder: place,
      kubeconfig: own.KUBECONFIG,
      awsConfig: path.join(place, ".aws", "config"),
      state: path.join(place, ".local", "state", "kubectl-vouch"),
      keys: path.join(place, ".local", "share", "kubectl-vouch", "keys"),
      start,
      run: (command, options) => start(command, options).ended,
    };
  };

  const prepared = path.join(folder, "prepared");
  const home: Bench["home"] = (kind, { name = "home", under = folder } = {}) => {
    const place = path.join(under, name);
    fs.rmSync(place, { recursive: true, force: true });
    fs.cpSync(path.join(prepared, kind), place, { recursive: true, preserveTimestamps: true });
    rename(path.join(place, ".local", "state", "kubectl-vouch", "setup-journal.json"), lab.home, place);
    return homeAt(place);
  };
  const keep = (kind: HomeKind) =>
    fs.cpSync(lab.home, path.join(prepared, kind), { recursive: true, preserveTimestamps: true });

  const first = homeAt(lab.home);
  fs.mkdirSync(path.dirname(first.kubeconfig), { mode: 0o700 });
  fs.writeFileSync(first.kubeconfig, foreignKubeconfig(), { mode: 0o600 });
  fs.writeFileSync(first.awsConfig, foreignAwsConfig(), { mode: 0o600 });
  keep("foreign");
  for (const [kind, commands] of Object.entries(SET_UP) as [HomeKind, Command[]][]) {
    for (const command of commands) {
      const { status, stderr } = await first.run(command);
      if (status !== 0) throw new Error(`${command.name} of the bench ended with ${status}: ${stderr}`);
    }
    keep(kind);
  }
  return { lab, home, close: () => lab.close() };
}

/** Another user must reach a home in the lab's folder, the lab's programs and its authority. */
function letOthersIn(folder: string): void {
  for (const place of [folder, path.dirname(LAB_PROGRAM)]) fs.chmodSync(place, 0o711);
  fs.chmodSync(path.join(folder, "ca.pem"), 0o644);
}

/** The session of the prepared homes must outlive every logout: the server says yes, and forgets nothing. */
function keepSessions({ vouch }: Lab): void {
  vouch.faults.takeover = answerRevocation;
}

/** Answers a logout without ending the session; leaves all else alone. Source: RFC 7009, 2.2. */
export const answerRevocation: Takeover = (request, response) => {
  if (request.url !== "/oauth/revoke") return false;
  request.resume();
  response.writeHead(200).end();
  return true;
};

/** A journal of another home is made one of this home. */
function rename(file: string, from: string, to: string): void {
  if (from === to || !fs.existsSync(file)) return;
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replaceAll(from, to));
}
