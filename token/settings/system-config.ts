/** Settings of the machine, for images and CI; everything that a user sets overrides them. */
export interface SystemConfig {
  readonly file: string;
  /** The only user who may be able to write it: root. */
  readonly ownerId: number;
}

export const SYSTEM_CONFIG: SystemConfig = { file: "/etc/kubectl-vouch/config.yaml", ownerId: 0 };
