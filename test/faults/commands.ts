import path from "node:path";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE, type Lab } from "../lab/lab.ts";
import { labBundle } from "../lab/lab-program.ts";
import { CREDENTIAL_WORDS } from "../support/lab-words.ts";

/**
 * What somebody's home may hold when a trial begins: `foreign` only files of others; `loggedIn` also a session; `ready`
 * also our context and our profile, and a cached token; `cold` the same with nothing cached.
 */
export type HomeKind = "foreign" | "loggedIn" | "ready" | "cold";

/** A command of ours, as a trial runs it. */
export interface Command {
  readonly name: string;
  /** What it needs to find. */
  readonly home: HomeKind;
  words(lab: Lab): readonly string[];
  readonly stdin?: string;
  /** It touches the security key: the lab's entry runs it, with the lab's key. */
  readonly isLogin?: boolean;
}

const CLUSTER = ["--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE];

function command(name: string, home: HomeKind, words: readonly string[] = name.split(" ")): Command {
  return { name, home, words: () => words };
}

const LOGIN_WORDS = ["login", "--force", "--pin-stdin", "--key-store", "file"];
export const LOGIN: Command = { ...command("login", "foreign", LOGIN_WORDS), isLogin: true };
export const LOGIN_AGAIN: Command = { ...LOGIN, name: "login again", home: "ready" };
export const LOGOUT = command("logout", "ready");
export const STATUS = command("status", "ready");
export const SETUP_EKS = command("setup eks", "loggedIn", ["setup", "eks", ...CLUSTER]);
export const SETUP_ALL = command("setup eks --all", "loggedIn", [
  ...["setup", "eks", "--all", "--region", LAB_REGION, "--role", LAB_ROLE],
]);
export const SETUP_AWS = command("setup aws", "loggedIn", [
  ...["setup", "aws", "--role", LAB_ROLE, "--region", LAB_REGION, "--profile", "vouch"],
]);
export const UNDO_EKS = command("setup eks --undo", "ready");
export const UNDO_AWS = command("setup aws --undo", "ready");
export const CREDENTIAL_EKS: Command = {
  name: "credential eks",
  home: "cold",
  words: ({ vouch }) => [...CREDENTIAL_WORDS, "--server", vouch.url],
};
export const CREDENTIAL_AWS = command("credential aws", "cold");
export const WHOAMI = command("whoami", "cold", ["whoami", "--context", `${LAB_CLUSTER}-vouch`]);
export const WHOAMI_CAN = command("whoami --can", "cold", [
  "whoami",
  "--can",
  "--context",
  `${LAB_CLUSTER}-vouch`,
]);
export const DOCTOR = command("doctor", "cold", ["doctor", "--context", `${LAB_CLUSTER}-vouch`]);

/** A bundle of evidence in the home that has no name of its own. */
export const evidenceFile = ({ home }: Lab) => path.join(home, "evidence.json");
export const DOCTOR_EVIDENCE: Command = {
  name: "doctor --evidence",
  home: "ready",
  words: (lab) => ["doctor", "--evidence", evidenceFile(lab)],
};
const DOCTOR_SAVE: Command = {
  ...DOCTOR,
  name: "doctor --save",
  words: (lab) => [...DOCTOR.words(lab), "--save", evidenceFile(lab)],
};
export const COMPLETE = command("completion of a context", "ready", [
  ...["__complete", "doctor", "--context", ""],
]);

/** What makes each kind of home of the one before. */
export const SET_UP: Readonly<Partial<Record<HomeKind, readonly Command[]>>> = {
  loggedIn: [LOGIN],
  ready: [SETUP_EKS, SETUP_AWS, DOCTOR_SAVE],
  cold: [command("cache clear", "ready")],
};

export const ROOT = path.resolve(import.meta.dirname, "..", "..");

/** The program as it was built, and the one with the lab's security key. */
const PROGRAM = path.join(ROOT, "dist", "kubectl-vouch.mjs");
export const LAB_PROGRAM = await labBundle();

/** The whole command line. Node itself is the process, without a shell around it. */
export function commandLine(
  { words, stdin = "", isLogin = false }: Command,
  { lab, node }: { readonly lab: Lab; readonly node: readonly string[] },
): { readonly words: readonly string[]; readonly stdin: string } {
  const program = isLogin ? LAB_PROGRAM : PROGRAM;
  return {
    words: [process.execPath, ...node, "--", program, ...words(lab)],
    stdin: isLogin ? `${LAB_PIN}\n` : stdin,
  };
}
