/* Windows: between its UTF-16 and our UTF-8. */
#ifndef KUBECTL_VOUCH_WIDE_H
#define KUBECTL_VOUCH_WIDE_H

#include <wchar.h>

/* The words in UTF-8. One that has no text in UTF-8, or for which there is no memory, becomes NO_TEXT. */
char **utf8_words(int count, wchar_t **words);

#endif
