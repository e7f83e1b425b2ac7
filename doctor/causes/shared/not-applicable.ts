import { doesNotApply } from "../../check/rule.ts";

/** The call failed differently than such faults cause. */
export const NOT_BEFORE_REQUEST = doesNotApply("the call did not fail before sending its request");
export const NOT_REFUSED = doesNotApply("the call did not fail with 401");
export const OTHER_PRINCIPAL = doesNotApply("the question is about another principal");

/** What a rule checks does not concern the caller. */
export const NO_ENTRY = doesNotApply("the caller does not have an access entry");
export const READS_NO_ENTRIES = doesNotApply("the cluster does not use access entries");
