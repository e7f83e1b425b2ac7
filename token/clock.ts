/** Tells the time, in milliseconds since 1970 (what `Date.now` gives). Passed in, so that tests can move it. */
export type Clock = () => number;
