/** The page that the browser shows in the end. It contains no text from outside. */
export type CallbackPage = "done" | "failed" | "refused" | "foreign";

const WORDS: Readonly<Record<CallbackPage, readonly [title: string, text: string]>> = {
  done: ["You are logged in", "You may close this window and go on in the terminal."],
  failed: ["You are not logged in", "The terminal says why. You may close this window."],
  foreign: ["This login is another user's", "Run the login as the user whose browser this is."],
  refused: ["Nothing waits for this", "This address takes the answer to one login, once."],
};

/** The page, as HTML. */
export function callbackPage(page: CallbackPage): string {
  const [title, text] = WORDS[page];
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>\n`;
}
