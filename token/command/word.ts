/** A word for a program, as it is to arrive there, or a path in the home folder that the shell completes. */
export type Word = string | { readonly underHome: string };

/**
 * Whether no shell of the family changes the word. zsh looks up a program behind a `=` that begins a word; where it exports
 * a variable, and with MAGIC_EQUAL_SUBST everywhere, also behind `:=` and `==`.
 */
export function isPlain(word: string): boolean {
  return /^[\w@+:,./-][\w@%+=:,./-]*$/.test(word) && !/[:=]=/.test(word);
}
