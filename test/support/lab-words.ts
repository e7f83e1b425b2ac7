import { CLUSTER_READS } from "../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE, type Lab } from "../lab/lab.ts";

const WHERE_AND_WHO = ["--region", LAB_REGION, "--role", LAB_ROLE];

/** What a person types to set up the lab's cluster. */
export const SETUP_WORDS = ["setup", "eks", "--cluster", LAB_CLUSTER, ...WHERE_AND_WHO];

/** What kubectl runs for the lab's cluster; the server comes after it. */
export const CREDENTIAL_WORDS = ["credential", "eks", "--cluster-name", LAB_CLUSTER, ...WHERE_AND_WHO];

/** Lets the lab's developer list clusters and describe each, as `setup eks --all` does. */
export function allowClusterReads({ world }: Lab): void {
  world.roles.get(LAB_ROLE)?.allows.push(CLUSTER_READS);
}
