/**
 * Kubeconfigs, AWS configs, settings, bundles of evidence, pasted errors and our own files of a size or a form that is dear
 * to read: answered or refused with little of the processor and within 300 MB.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { partOf } from "../support/part.ts";
import type { Bench, TrialHome } from "./bench.ts";
import { BIG_AWS_CONFIGS, BIG_BUNDLES, BIG_JSON, BIG_KUBECONFIGS, BIG_WORDS } from "./big-texts.ts";
import type { Board } from "./board.ts";
import {
  COMPLETE,
  type Command,
  CREDENTIAL_AWS,
  CREDENTIAL_EKS,
  DOCTOR,
  DOCTOR_EVIDENCE,
  evidenceFile,
  LOGOUT,
  SETUP_AWS,
  SETUP_EKS,
  STATUS,
  UNDO_EKS,
  WHOAMI,
} from "./commands.ts";
import { draw, inPool } from "./pool.ts";
import { assertBounded, assertExplained } from "./whole-home.ts";

/** Processor time, in milliseconds: twice what the dearest takes on a machine that does nothing else. */
const MAX_CPU_MS = 4000;

interface BigJob {
  readonly injection: string;
  readonly name: string;
  readonly command: Command;
  /** Puts it into the home. The variables to add. */
  put(home: TrialHome, bench: Bench): Readonly<Record<string, string>>;
}

const DOCTOR_PASTED: Command = {
  ...DOCTOR,
  name: "doctor --error -",
  words: (lab) => [...DOCTOR.words(lab), "--error", "-"],
};

/** So many commands read each text; drawn at random. */
const DRAWN = 2;

/** Every text for some of the commands that read it. */
export async function bigFiles(
  board: Board,
  benches: readonly Bench[],
  random: (below: number) => number,
): Promise<void> {
  const some = (readers: readonly Command[]) => draw(readers, DRAWN, random);
  const jobs = [
    ...[...kubeconfigs(some), ...awsConfigs(some), ...settings()],
    ...[...bundles(), ...pasted(), ...ownFiles()],
  ];
  await inPool(benches, partOf("large files", jobs), async (bench, { injection, name, command, put }) => {
    await board.trial(injection, `${command.name}, ${name}`, async (note) => {
      const home = bench.home(command.home);
      const env = put(home, bench);
      const result = note(await home.run(command, { env, maxCpuMs: 2 * MAX_CPU_MS }));
      assertBounded(result);
      assert.ok(result.cpuMs <= MAX_CPU_MS, `it took ${result.cpuMs} ms of the processor`);
      assertExplained(result);
    });
  });
}

/** First in the list of files: kubectl, and so we, must read it before our own. */
function kubeconfigs(some: (readers: readonly Command[]) => Command[]): BigJob[] {
  const readers = [STATUS, SETUP_EKS, UNDO_EKS, WHOAMI, DOCTOR, COMPLETE];
  return Object.entries(BIG_KUBECONFIGS).flatMap(([name, text]) =>
    some(readers).map((command) => ({
      injection: "large or dear kubeconfig",
      name,
      command,
      put({ folder, kubeconfig }) {
        const file = write(path.join(folder, "big.yaml"), text());
        return { KUBECONFIG: command === SETUP_EKS ? file : `${file}:${kubeconfig}` };
      },
    })),
  );
}

function awsConfigs(some: (readers: readonly Command[]) => Command[]): BigJob[] {
  const readers = [SETUP_AWS, CREDENTIAL_AWS, DOCTOR, COMPLETE];
  return Object.entries(BIG_AWS_CONFIGS).flatMap(([name, text]) =>
    some(readers).map((command) => ({
      injection: "large or dear AWS config",
      name,
      command,
      put({ awsConfig }) {
        write(awsConfig, `${text()}\n${fs.readFileSync(awsConfig, "utf8")}`);
        return {};
      },
    })),
  );
}

/** Our own settings are YAML, too. */
function settings(): BigJob[] {
  return Object.entries(BIG_KUBECONFIGS).map(([name, text]) => ({
    injection: "large or dear settings",
    name,
    command: STATUS,
    put({ folder }) {
      write(path.join(folder, ".config", "kubectl-vouch", "config.yaml"), text());
      return {};
    },
  }));
}

function bundles(): BigJob[] {
  return Object.entries(BIG_BUNDLES).map(([name, text]) => ({
    injection: "large or dear evidence",
    name,
    command: DOCTOR_EVIDENCE,
    put(_home, { lab }) {
      const file = evidenceFile(lab);
      write(file, text(JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, unknown>));
      return {};
    },
  }));
}

function pasted(): BigJob[] {
  return Object.entries(BIG_WORDS).map(([name, text]) => ({
    injection: "large or dear pasted error",
    name,
    command: { ...DOCTOR_PASTED, stdin: text() },
    put: () => ({}),
  }));
}

function ownFiles(): BigJob[] {
  const files: readonly (readonly [string, Command])[] = [
    ["current.json", STATUS],
    ["current.json", CREDENTIAL_EKS],
    ["current.json", LOGOUT],
    ["setup-journal.json", UNDO_EKS],
    ["setup-journal.json", SETUP_AWS],
  ];
  return files.flatMap(([file, command]) =>
    Object.entries(BIG_JSON).map(([name, text]) => ({
      injection: "large or dear file of our own",
      name: `${file}: ${name}`,
      command,
      put({ state }: TrialHome) {
        write(path.join(state, file), text());
        return {};
      },
    })),
  );
}

function write(file: string, text: string): string {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  fs.writeFileSync(file, text, { mode: 0o600 });
  return file;
}
