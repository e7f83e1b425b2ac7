/**
 * How sure a finding is. *certain*: a field proves it, and nothing in the evidence contradicts it. *likely*: it is the best
 * explanation of what is seen. *possible*: it fits, but so do other explanations.
 */
export type Confidence = "certain" | "likely" | "possible";
