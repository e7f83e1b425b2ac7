/** A small file, with the facts that decide whether to trust it. */
export interface SmallFile {
  readonly text: string;
  /** Ours, and not readable or writable by anyone else. */
  readonly isPrivate: boolean;
}

/**
 * Everything that the hot path may ask of its engine: Node, or QuickJS in the shipped launcher.
 *
 * Deliberately absent: network, keyring, timers, errors for users. Nothing here waits, and nothing but
 * `print` throws.
 */
export interface Host {
  /** The words after the program's name. */
  readonly args: readonly string[];
  readonly isWindows: boolean;
  env(name: string): string | undefined;
  /** Milliseconds since 1970. */
  now(): number;
  /** Process id of our parent: kubectl, as a rule. */
  parentId(): number;
  /** The file; undefined if it is missing, unreadable, not a regular file, not UTF-8 or larger than 64 KiB. */
  readFile(path: string): SmallFile | undefined;
  /**
   * Identifies the contents of a file, in the form of `file-identity.ts`; links are followed. Undefined in any doubt: it may not
   * be opened, or is not a regular file.
   */
  identity(path: string): string | undefined;
  /**
   * Overwrites the start of a file, in place; the rest stays. Creates a missing file with mode 0600, but only in an existing
   * folder. False if that failed, or the file is a link, not a regular file, or not ours alone.
   */
  overwriteFile(path: string, text: string): boolean;
  /** Writes all of the text to standard output. Throws if it cannot; a missing reader is no failure. */
  print(text: string): void;
}
