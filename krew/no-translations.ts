import { format } from "node:util";

/**
 * What yargs gets for its translations (y18n) in what is shipped: English, as it asks for it. The package looks for a file
 * of texts three folders above the program, where it is a stranger's, and ends the program when that is no JSON.
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
