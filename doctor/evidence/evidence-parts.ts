import type { Endpoints } from "../../token/endpoints/endpoints.ts";

/** What probes gather that neither AWS nor Kubernetes has a shape for. */

/** `exec.command` as the client would find it. */
export interface ExecCommand {
  readonly command: string;
  /** Absolute path; null: not found. */
  readonly resolved: string | null;
  /** The same with the PATH of a program started by a desktop (`/usr/bin:/bin:/usr/sbin:/sbin`). */
  readonly resolvedForGui?: string | null;
  readonly executable?: boolean;
  /** What `--version` says. */
  readonly version?: string;
}

/** The exec plugin, run as the client would run it. */
export interface PluginRun {
  readonly exitCode: number;
  readonly stderr: string;
  /** Beginning of stdout when it is no ExecCredential. */
  readonly stdoutHead?: string;
  /** The ExecCredential without its token. */
  readonly credential?: {
    readonly apiVersion: string;
    readonly expirationTimestamp?: string;
    readonly hasToken: boolean;
  };
  readonly seconds?: number;
}

/** An EKS token without its secret parts, as `kubectl vouch token explain -o json` prints it. */
export interface TokenFacts {
  readonly bytes: number;
  readonly host?: string;
  readonly region?: string;
  readonly partition?: string;
  readonly accessKeyId?: string;
  readonly temporary?: boolean;
  readonly signedHeaders?: readonly string[];
  /** ISO 8601. */
  readonly signedAt?: string;
  readonly endsAt?: string;
  readonly problems: readonly { readonly step: number; readonly problem: string }[];
}

export interface CallerIdentity {
  readonly UserId: string;
  readonly Account: string;
  readonly Arn: string;
}

export interface TokenNameTest {
  /** Cluster name that was signed into the header. */
  readonly name: string;
  readonly accepted: boolean;
  readonly error?: string;
}

/** The Vouch side of a context of ours. */
export interface VouchFacts {
  readonly server: string;
  readonly loggedIn: boolean;
  readonly identity?: string;
  /** ISO 8601. */
  readonly sessionEnd?: string;
  /** Whether the server says the session lives; absent: not asked. */
  readonly serverConfirms?: boolean;
  /** What the server answered or why it did not. */
  readonly serverProblem?: string;
  /** The AI agent that runs us: its AWS session is read-only. */
  readonly agent?: string;
  /** Where the session's secrets may go, as it has on record. */
  readonly endpoints?: Endpoints;
}

/** Two clocks at one moment. */
export interface ClockReading {
  /** `sts.us-east-1.amazonaws.com`, the Vouch server, the API server. */
  readonly peer: string;
  /** Ours minus theirs, in seconds. */
  readonly aheadSeconds: number;
}

export interface NetworkFacts {
  readonly host: string;
  readonly port: number;
  readonly addresses?: readonly string[];
  readonly dnsError?: string;
  readonly tcp?: "open" | "refused" | "timeout" | "unreachable";
  readonly tls?: {
    readonly ok: boolean;
    readonly error?: string;
    /** Common name of the issuer of the served certificate. */
    readonly issuer?: string;
    readonly subjectAltNames?: readonly string[];
  };
  /** The address this machine has to the outside, as `https://checkip.amazonaws.com` says it. */
  readonly egressAddress?: string;
  /** The proxy in force for this host. */
  readonly proxy?: { readonly url: string; readonly origin: string; readonly answer?: string };
}

export interface ApiServerAnswer {
  readonly status: number;
  /** `message` of the Status object, or the beginning of the body. */
  readonly message?: string;
  /** Whether the body was a Kubernetes object. */
  readonly isKubernetes?: boolean;
}
