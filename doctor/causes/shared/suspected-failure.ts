import type { Suspected, Suspicion } from "../../check/suspicion.ts";
import type { Facts } from "../../derive/facts.ts";
import type { Connection } from "../../derive/network/connection.ts";

/** Causes that fit how a connection failed, where only the error is known: with a kubeconfig, their rules decide. */
export function suspectedFailure(
  causes: Suspected["causes"],
  failed: (connection: Connection) => boolean,
  suspicion: (facts: Facts) => Suspicion,
): Suspected {
  return {
    causes,
    suspicion: (facts) => {
      const { connection, clusterEntry } = facts;
      const isBare = clusterEntry === undefined && connection !== undefined;
      return isBare && failed(connection) ? suspicion(facts) : undefined;
    },
  };
}
