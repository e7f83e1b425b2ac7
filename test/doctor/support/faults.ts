import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { AUTHORIZATION_FAULTS } from "./authorization-faults.ts";
import { AWS_AUTH_FAULTS } from "./aws-auth-faults.ts";
import { CLIENT_FAULTS } from "./client-faults.ts";
import { CREDENTIAL_FAULTS } from "./credential-faults.ts";
import { KUBECONFIG_FAULTS } from "./kubeconfig-faults.ts";
import { MAPPING_FAULTS } from "./mapping-faults.ts";
import { NETWORK_FAULTS } from "./network-faults.ts";

/** A bundle in which one thing is broken, and the row of the catalogue that says which. */
export interface Fault {
  readonly row: string;
  readonly bundle: DoctorEvidence;
}

const SECTIONS: readonly Readonly<Record<string, DoctorEvidence>>[] = [
  KUBECONFIG_FAULTS,
  CREDENTIAL_FAULTS,
  NETWORK_FAULTS,
  MAPPING_FAULTS,
  AWS_AUTH_FAULTS,
  AUTHORIZATION_FAULTS,
  CLIENT_FAULTS,
];

/** The broken bundles of all sections. A new rule's bundle belongs into the registry of its section. */
export const FAULTS: readonly Fault[] = SECTIONS.flatMap((section) =>
  Object.entries(section).map(([row, bundle]) => ({ row, bundle })),
);
