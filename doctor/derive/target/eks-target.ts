/** The cluster that commands are written for. */
export interface EksTarget {
  readonly cluster: string;
  readonly region: string;
  readonly partition: string;
}
