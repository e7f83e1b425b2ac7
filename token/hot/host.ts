/** A small file, with what decides whether to believe it. */
export interface SmallFile {
  readonly text: string;
  /** Ours, and nobody else may read or write it. */
  readonly isPrivate: boolean;
}

/**
 * All the hot path may ask of the engine it runs in: Node, or QuickJS in the shipped launcher.
 *
 * Deliberately absent: network, keyring, timers, errors for people. Nothing here waits, and nothing but
 * `print` throws.
 */
export interface Host {
  /** The words after the program's name. */
  readonly args: readonly string[];
  readonly isWindows: boolean;
  env(name: string): string | undefined;
  /** Milliseconds since 1970. */
  now(): number;
  /** Process id of whoever started us: kubectl, as a rule. */
  parentId(): number;
  /** The file, or undefined when it is missing, unreadable, no plain file, no UTF-8 or larger than 64 KiB. */
  readFile(path: string): SmallFile | undefined;
  /**
   * What tells the contents of a file from all others, as `file-identity.ts` has it; links are followed. Undefined for
   * every doubt: it may not be opened, or is no plain file.
   */
  identity(path: string): string | undefined;
  /**
   * Writes over the start of a file, in place; what lies beyond stays. Makes a missing one with mode 0600, in an existing
   * folder only. False when that failed, or what is there is a link, no plain file, or not ours alone.
   */
  overwriteFile(path: string, text: string): boolean;
  /** Writes to standard output, all of it. Throws when it cannot; that nobody reads is no failure. */
  print(text: string): void;
}
