/** The most that is read, all texts together, in bytes. */
export const MAX_BYTES = 20_000_000;
