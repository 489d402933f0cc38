/** As much of a header as anybody needs: what is behind it is not read, so that no header takes long. */
const charactersMax = 4096

/** The elements of a header that is a list (RFC 9110 section 5.6.1): the first `most`, trimmed. */
export const elementsOf = (header: string | null, most: number): string[] =>
  (header ?? '')
    .slice(0, charactersMax)
    .split(',', most)
    .map((element) => element.trim())
