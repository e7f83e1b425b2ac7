import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import type { Env } from "../../token/env.ts";
import type { Machine } from "../../token/files/folders.ts";
import type { Clock } from "../../token/timers.ts";
import type { VouchFacts } from "../evidence/evidence.ts";

/** How a program ended. */
export interface RunResult {
  /** Negative: it was ended by a signal. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface RunOptions {
  /** The complete environment. */
  readonly env: Env;
  readonly signal: AbortSignal;
}

/**
 * A program to run, by its name on our own PATH or by its absolute path. A client, such as kubectl, is what the user runs
 * anyway; a program that gives credentials is run only if kubectl's preferences allow kubectl to run it.
 */
export type Program =
  | { readonly client: string; readonly args: readonly string[] }
  | {
      readonly plugin: string;
      readonly args: readonly string[];
      /** The plugin of the exec block that this program replaces: kubectl must be allowed to run that one, too. */
      readonly instead?: string | undefined;
    };

/** A program was not run because kubectl's preferences forbid it; says which preferences. */
export class ForbiddenProgram extends Error {}

/** Everything that probes may use of the outside world. Wired in plugin/; tests provide their own. */
export interface ProbeHost extends Machine {
  readonly clock: Clock;
  /** The file given with `--kubeconfig`, which is then the only one to read. */
  readonly kubeconfig: string | undefined;
  /** Variables that our launcher removed from our environment; other programs get them back. */
  readonly dropped: Env;
  /** Whether programs may be run and hosts may be called. */
  readonly online: boolean;
  /** Text of a file; undefined if it does not exist. Throws if it cannot be read. */
  readText(file: string): string | undefined;
  /**
   * Runs a program without a terminal and without standard input, so that it cannot ask the user anything. Rejects with
   * `ForbiddenProgram`.
   */
  run(program: Program, options: RunOptions): Promise<RunResult>;
  readonly vouch: VouchHost;
  readonly sources: SourceHost;
}

/** AWS profiles and the caller's environment, read as our own plugin does, but never prompting the user. */
export interface SourceHost {
  /** Throws the reason if there are none. */
  credentials(request: {
    /** Undefined: whatever the environment gives. */
    readonly profile: string | undefined;
    readonly role: string | undefined;
    readonly via: readonly string[];
    readonly sessionName: string | undefined;
    readonly region: string;
    /** The plugin's environment. */
    readonly env: Env;
    /** Ask AWS for new ones, because those in the cache were refused. */
    readonly fresh: boolean;
    readonly signal: AbortSignal;
  }): Promise<AwsCredentials>;
  /** The endpoints at which AWS is called with them, as recorded by setup or login. */
  endpoints(profile: string | undefined, env: Env): Endpoints;
}

/** The Vouch session, as far as the doctor may use it; never with a touch. */
export interface VouchHost {
  /** Credentials for a context of ours. Throws if no one is logged in, or with the error of Vouch or STS. */
  credentials(request: {
    readonly server: string | undefined;
    readonly role: string;
    readonly via: readonly string[];
    readonly region: string;
    readonly account: string | undefined;
    /** Ask AWS for new ones, because those in the cache were refused. */
    readonly fresh: boolean;
    readonly signal: AbortSignal;
  }): Promise<AwsCredentials>;
  /** Where the session's secrets may be sent, according to the session's record. Throws if no one is logged in. */
  endpoints(server: string | undefined, account: string | undefined): Promise<Endpoints>;
  /** Who is logged in; at the server in the settings, unless one is named. */
  status(server: string | undefined, account: string | undefined): Promise<VouchFacts>;
  /** Which security keys are plugged in; they are only listed. */
  keys(): Promise<readonly { readonly name: string; readonly readable: boolean }[]>;
}
