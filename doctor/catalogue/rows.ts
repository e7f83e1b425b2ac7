import { AWS_AUTH_ROWS } from "./aws-auth-rows.ts";
import type { CatalogueRow, CatalogueSection } from "./catalogue-row.ts";
import { CLIENT_ROWS } from "./client-rows.ts";
import { CREDENTIAL_ROWS } from "./credential-rows.ts";
import { ENTRY_ROWS } from "./entry-rows.ts";
import { KUBECONFIG_ROWS } from "./kubeconfig-rows.ts";
import { MODE_ROWS } from "./mode-rows.ts";
import { NETWORK_ROWS } from "./network-rows.ts";
import { POLICY_ROWS } from "./policy-rows.ts";
import { RBAC_ROWS } from "./rbac-rows.ts";
import { TRUST_ROWS } from "./trust-rows.ts";
import { VOUCH_ROWS } from "./vouch-rows.ts";

const SECTIONS = [
  KUBECONFIG_ROWS,
  CREDENTIAL_ROWS,
  TRUST_ROWS,
  NETWORK_ROWS,
  MODE_ROWS,
  ENTRY_ROWS,
  AWS_AUTH_ROWS,
  POLICY_ROWS,
  RBAC_ROWS,
  CLIENT_ROWS,
  VOUCH_ROWS,
] as const;

/** Id of a cause: `E3`. */
export type CauseId = (typeof SECTIONS)[number]["rows"][number]["id"];

/** The catalogue of causes; the last section is about Vouch. */
export const CATALOGUE: readonly CatalogueSection<CauseId>[] = SECTIONS;

/** The row with an id; undefined if there is none. */
export function findRow(id: string): CatalogueRow | undefined {
  return CATALOGUE.flatMap(({ rows }) => rows).find((row) => row.id === id.toUpperCase());
}
