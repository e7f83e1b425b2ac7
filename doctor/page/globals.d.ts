/** Where there is a process at all; a browser has none. */
declare var process: { readonly platform: string } | undefined;
