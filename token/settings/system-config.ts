/** Settings of the machine, for images and CI; weaker than all that a person says. */
export interface SystemConfig {
  readonly file: string;
  /** Who alone may write it: root. */
  readonly ownerId: number;
}

export const SYSTEM_CONFIG: SystemConfig = { file: "/etc/kubectl-vouch/config.yaml", ownerId: 0 };
