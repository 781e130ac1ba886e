/**
 * What goes over the wire. Little is text, which leaves in one write with its headers and is one object of V8's own heap;
 * much is bytes.
 */
export type Body = string | Buffer

/** One answer as it is cached and sent: serialised, made once, with the tag that names its bytes. */
export interface Representation {
  readonly body: Body
  /** Strong entity tag with its quotes (RFC 9110, 8.8.3). */
  readonly etag: string
  /** Of a list: the cursor of the next page. */
  readonly next?: string
}

const textBelow = 4 * 1024

/** @param json of which `length` are characters or bytes. */
export function bodyOf(json: Body): Body {
  if (json.length < textBelow) return json.toString()
  return typeof json === 'string' ? Buffer.from(json) : json
}

/** What it takes of memory, at most: V8 gives all characters of a text two bytes where one of them needs them. */
export function heldBytes(body: Body): number {
  const { length } = body
  return typeof body !== 'string' || Buffer.byteLength(body) === length ? length : length * 2
}
