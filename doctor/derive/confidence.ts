/**
 * How sure a finding is. *certain*: a field proves it, and nothing in the evidence speaks against it. *likely*: it is the
 * best explanation of what is seen. *possible*: it fits, and other things fit too.
 */
export type Confidence = "certain" | "likely" | "possible";
