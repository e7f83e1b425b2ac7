import { format } from "node:util";

/**
 * Replaces yargs' translations (y18n) in what is shipped: English, as yargs requests it. The package looks for a file of texts
 * three folders above the program, which may be anybody's, and ends the program if that is not JSON.
 */
export default function noTranslations() {
  return {
    __: (text: string, ...values: unknown[]) => format(text, ...values),
    __n: (one: string, many: string, count: number, ...values: unknown[]) => {
      const text = count === 1 ? one : many;
      return format(text, ...(text.includes("%d") ? [count] : []), ...values);
    },
    getLocale: () => "en",
    setLocale: () => undefined,
    updateLocale: () => undefined,
  };
}
