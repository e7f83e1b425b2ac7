/** Codes of former rules, with the code that replaced each. A code is never given to another rule. */
export const RETIRED_CODES: Readonly<Record<string, string>> = {};
