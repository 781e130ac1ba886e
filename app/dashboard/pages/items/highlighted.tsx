/** What a search found, as the API says it: escaped text with `<mark>` around the words. Read as text, never as HTML. */

const characters: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
}

const plain = (text: string): string =>
  text.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => characters[entity] ?? entity)

export const Highlighted = ({ html }: { readonly html: string }) => (
  <>
    {html.split(/<mark>|<\/mark>/).map((part, index) =>
      index % 2 === 1 ? (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts are one text in its order
        <mark key={index}>{plain(part)}</mark>
      ) : (
        plain(part)
      ),
    )}
  </>
)
