import type { Cursor } from "./cursor.ts";

export interface Place {
  readonly index: number;
  /** From 0. */
  readonly line: number;
}

/** A place where a key may have begun, and whose colon has not been seen yet. */
export interface SimpleKey extends Place {
  isPossible: boolean;
  /** Whether only a key is allowed there. */
  readonly isRequired: boolean;
  /** Its number among all tokens. */
  readonly token: number;
  readonly column: number;
}

/** Maximum length of a key in characters; it must also end on its line. */
const MAX_LENGTH = 1024;

/** The last possible key on each flow level. Source: yaml/go-yaml@v2.4.4, scannerc.go. */
export class SimpleKeys {
  readonly #cursor: Cursor;
  readonly #levels: SimpleKey[] = [];
  readonly #ofToken = new Map<number, SimpleKey>();

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
    this.enterFlow(0);
  }

  /** Whether the token with this number may turn out to begin a key. */
  isOpen(token: number): boolean {
    const key = this.#ofToken.get(token);
    return key !== undefined && this.#isValid(key);
  }

  save(token: number, isRequired: boolean): void {
    this.remove();
    const key = this.#here(token, isRequired, true);
    this.#levels[this.#levels.length - 1] = key;
    this.#ofToken.set(token, key);
  }

  /** The key whose colon is at this place, if there is one. */
  take(): SimpleKey | undefined {
    const key = this.#levels.at(-1);
    if (key === undefined || !this.#isValid(key)) return undefined;
    this.#close(key);
    return key;
  }

  remove(): void {
    const key = this.#levels.at(-1);
    if (!key?.isPossible) return;
    if (key.isRequired) throw this.#cursor.error("could not find expected ':'");
    this.#close(key);
  }

  enterFlow(token: number): void {
    this.#levels.push(this.#here(token, false, false));
  }

  leaveFlow(): void {
    this.#ofToken.delete(this.#levels.pop()?.token ?? -1);
  }

  #here(token: number, isRequired: boolean, isPossible: boolean): SimpleKey {
    const { index, line, column } = this.#cursor;
    return { isPossible, isRequired, token, index, line, column };
  }

  #isValid(key: SimpleKey): boolean {
    const { line, index } = this.#cursor;
    if (!key.isPossible) return false;
    if (key.line >= line && key.index + MAX_LENGTH >= index) return true;
    if (key.isRequired) throw this.#cursor.error("could not find expected ':'");
    key.isPossible = false;
    return false;
  }

  #close(key: SimpleKey): void {
    key.isPossible = false;
    this.#ofToken.delete(key.token);
  }
}
