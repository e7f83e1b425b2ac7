import type { Cluster } from "../../model.ts";
import type { KubeUser } from "../authentication/kube-identity.ts";
import type { MediaType } from "./negotiation.ts";
import type { ObjectStore } from "./object-store.ts";

/** One request that has been let in, and what it is answered from. */
export interface ApiCall {
  readonly cluster: Cluster;
  readonly store: ObjectStore;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly user: KubeUser;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: readonly MediaType[];
  readonly contentType: string;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  /** Text and bytes are sent as they stand, everything else as JSON. */
  readonly body: unknown;
  readonly contentType?: string;
  /** Keep the answer open this long (milliseconds) and send no event. */
  readonly openMs?: number;
}

export function ok(body: unknown, status = 200): Reply {
  return { status, body };
}
