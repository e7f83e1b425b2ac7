/** One way in which a call to a cluster fails. Source: doctor/EKS-ACCESS.md, "Reports"; rows V are our own. */
export interface CatalogueRow {
  /** `E3`: what a finding names as its cause. */
  readonly id: string;
  /** What is broken, in one sentence. */
  readonly cause: string;
  /** What a person sees of it. */
  readonly seen: string;
  /** Rows that describe the same problem from another side: a diagnosis that names one of them is right, too. */
  readonly sameAs?: readonly string[];
  /** It has not been confirmed: it is *likely* at most. */
  readonly isUnconfirmed?: true;
}

/** Rows of one topic. */
export interface CatalogueSection<Id extends string> {
  readonly title: string;
  readonly rows: readonly (CatalogueRow & { readonly id: Id })[];
}

/** Lets the compiler know the ids, so that rules can only name causes that exist. */
export function catalogueSection<const Id extends string>(
  section: CatalogueSection<Id>,
): CatalogueSection<Id> {
  return section;
}
