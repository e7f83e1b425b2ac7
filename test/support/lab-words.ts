import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../lab/lab.ts";

const WHERE_AND_WHO = ["--region", LAB_REGION, "--role", LAB_ROLE];

/** What a person types to set up the lab's cluster. */
export const SETUP_WORDS = ["setup", "eks", "--cluster", LAB_CLUSTER, ...WHERE_AND_WHO];

/** What kubectl runs for the lab's cluster; the server comes after it. */
export const CREDENTIAL_WORDS = ["credential", "eks", "--cluster-name", LAB_CLUSTER, ...WHERE_AND_WHO];
