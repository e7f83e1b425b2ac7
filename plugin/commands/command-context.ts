import type { App } from "../app.ts";
import type { ColorChoice } from "../terminal/style.ts";

/** What a command gets, and where it puts its exit status. */
export interface CommandContext {
  readonly app: App;
  color: ColorChoice;
  /** Exit status when nothing was thrown; a command such as `status` may set another. */
  exit: number;
}
