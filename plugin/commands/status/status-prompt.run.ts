import { findSession } from "../../../token/hot/current.ts";
import { promptText } from "../../../token/hot/prompt.ts";
import type { App } from "../../app.ts";
import { chosenServer, Desk } from "../../workplace/workplace.ts";

/** The cases that the warm path leaves to us: a server other than the last login's, nobody logged in, `--debug`. */
export function runPrompt({ server }: { readonly server: string | undefined }, app: App): void {
  const desk = new Desk(app);
  const { workplace } = desk;
  const { base } = chosenServer(desk, server);
  const session = findSession(workplace.current, base, workplace.config.account);
  app.io.out(promptText(session, app.clock()));
}
