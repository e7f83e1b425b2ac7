/** A word exactly as a program is to receive it, or a path in the home folder that the shell completes. */
export type Word = string | { readonly underHome: string };

/**
 * Whether every shell of the family leaves the word unchanged. zsh looks up a program after a `=` that begins a word; when it
 * exports a variable, and everywhere with MAGIC_EQUAL_SUBST, also after `:=` and `==`.
 */
export function isPlain(word: string): boolean {
  return /^[\w@+:,./-][\w@%+=:,./-]*$/.test(word) && !/[:=]=/.test(word);
}
