import { doesNotApply } from "../../check/verdict.ts";

/** The call failed in another way than faults of this kind make it fail. */
export const NOT_BEFORE_REQUEST = doesNotApply("the call did not fail before its request");
export const NOT_REFUSED = doesNotApply("the call did not fail with 401");
export const OTHER_PRINCIPAL = doesNotApply("the question is about another principal");

/** The caller has no part in what a rule looks at. */
export const NO_ENTRY = doesNotApply("the caller has no access entry");
export const READS_NO_ENTRIES = doesNotApply("the cluster does not read access entries");
