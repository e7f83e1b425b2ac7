/** The page that the browser shows in the end. It contains no text from outside. */
export type CallbackPage = "done" | "failed" | "refused" | "foreign";

const WORDS: Readonly<Record<CallbackPage, readonly [title: string, text: string]>> = {
  done: ["You are logged in", "You can close this window and return to the terminal."],
  failed: ["You are not logged in", "The terminal shows the reason. You can close this window."],
  foreign: ["This login belongs to a different user", "Run the login as the user who owns this browser."],
  refused: ["No login is waiting", "This address accepts the response to a single login, once."],
};

/** The page, as HTML. */
export function callbackPage(page: CallbackPage): string {
  const [title, text] = WORDS[page];
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>\n`;
}
