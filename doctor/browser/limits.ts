/** The most that is read, all texts together, in bytes. */
export const MAX_BYTES = 20_000_000;

/** Longer texts travel between page and worker as blobs: a string would be copied while the page waits. In characters. */
export const LONG = 100_000;
