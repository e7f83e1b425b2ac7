import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import type { Clock } from "../../token/clock.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import type { Env } from "../../token/env.ts";
import type { Machine } from "../../token/files/folders.ts";
import type { VouchFacts } from "../evidence/evidence.ts";

/** How a program ended. */
export interface RunResult {
  /** Negative: a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface RunOptions {
  /** The whole environment. */
  readonly env: Env;
  readonly signal: AbortSignal;
}

/**
 * A program to run, by its name on our own PATH or by its absolute path. A client, such as kubectl, is what the person runs
 * anyway; a program that gives credentials is run only where kubectl's preferences let kubectl run it.
 */
export type Program =
  | { readonly client: string; readonly args: readonly string[] }
  | {
      readonly plugin: string;
      readonly args: readonly string[];
      /** The plugin of the exec block that it stands in for: kubectl must be allowed to run that one, too. */
      readonly instead?: string | undefined;
    };

/** A program that was not run, because kubectl's preferences forbid it, and which preferences. */
export class ForbiddenProgram extends Error {}

/** All that probes may use of the outside world. Wired in plugin/; tests give their own. */
export interface ProbeHost extends Machine {
  readonly clock: Clock;
  /** Given with `--kubeconfig`: the only file to read. */
  readonly kubeconfig: string | undefined;
  /** Variables that our launcher kept from us; foreign programs get them back. */
  readonly dropped: Env;
  /** Whether programs may be run and hosts be asked. */
  readonly online: boolean;
  /** Text of a file; undefined when it is not there. Throws when it cannot be read. */
  readText(file: string): string | undefined;
  /**
   * Runs a program without a terminal and without standard input: nobody can be asked for anything. Rejects with
   * `ForbiddenProgram`.
   */
  run(program: Program, options: RunOptions): Promise<RunResult>;
  readonly vouch: VouchHost;
  readonly sources: SourceHost;
}

/** AWS profiles and the caller's environment, as our own plugin asks them; never with a question to the person. */
export interface SourceHost {
  /** Throws what stands in the way. */
  credentials(request: {
    /** Undefined: whatever the environment gives. */
    readonly profile: string | undefined;
    readonly role: string | undefined;
    readonly via: readonly string[];
    readonly region: string;
    /** That of the plugin. */
    readonly env: Env;
    /** Ask AWS for new ones: those in the cache were refused. */
    readonly fresh: boolean;
    readonly signal: AbortSignal;
  }): Promise<AwsCredentials>;
  /** Where AWS is asked with them, as setup or login recorded it. */
  endpoints(profile: string | undefined, env: Env): Endpoints;
}

/** The Vouch side, as far as a doctor may ask it; never with a touch. */
export interface VouchHost {
  /** Credentials for a context of ours. Throws when nobody is logged in, or with what Vouch or STS said. */
  credentials(request: {
    readonly server: string | undefined;
    readonly role: string;
    readonly via: readonly string[];
    readonly region: string;
    readonly account: string | undefined;
    /** Ask AWS for new ones: those in the cache were refused. */
    readonly fresh: boolean;
    readonly signal: AbortSignal;
  }): Promise<AwsCredentials>;
  /** Where the session's secrets may go, as it has on record. Throws when nobody is logged in. */
  endpoints(server: string | undefined, account: string | undefined): Promise<Endpoints>;
  /** Who is logged in; at the server of the settings when none is named. */
  status(server: string | undefined, account: string | undefined): Promise<VouchFacts>;
  /** What is plugged in, by looking only. */
  keys(): Promise<readonly { readonly name: string; readonly readable: boolean }[]>;
}
