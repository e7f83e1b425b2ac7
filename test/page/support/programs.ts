import { programsOnPath } from "../../support/on-path.ts";

/** The browsers that judge the page, and what distributions call them. */
const PROGRAMS = {
  chromium: [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chromium-headless-shell",
  ],
  firefox: ["firefox-esr", "firefox"],
} as const;

export type BrowserName = keyof typeof PROGRAMS;

export const BROWSERS = Object.keys(PROGRAMS) as readonly BrowserName[];

/** The browser's program; undefined where there is none on PATH. */
export function browserProgram(name: BrowserName): string | undefined {
  return PROGRAMS[name].flatMap(programsOnPath)[0];
}
