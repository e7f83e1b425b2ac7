import type { KubeFaults } from "./faults.ts";

/** An API server of the lab: our own in this process, or a real one. */
export interface KubeServer {
  /** `https://127.0.0.1:1234`; also written to the cluster's `endpoint`. */
  readonly url: string;
  readonly faults: KubeFaults;
  readonly requests: readonly RecordedRequest[];
  /** What the control plane's `authenticator` log says, without the request around it. */
  readonly authenticatorLog: readonly string[];
  clearRequests(): void;
  /** The model was put back to what it was: whatever has been done to the server since is undone too. */
  restore(): void;
  /** Acts as if ten seconds had passed: a token that was accepted is accepted again only if the authenticator says so. */
  forgetTokens(): Promise<void>;
  close(): Promise<void>;
}

export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly status: number;
  /** Kubernetes username; undefined when nobody was let in. */
  readonly user: string | undefined;
  /** The authenticator's text when it refused. */
  readonly reason: string | undefined;
  /** Epoch milliseconds of the lab's clock. */
  readonly time: number;
}
