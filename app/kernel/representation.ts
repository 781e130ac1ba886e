/** One answer as it is cached and sent: serialised bytes, made once, with the tag that names them. */
export interface Representation {
  readonly body: Buffer
  /** Strong entity tag with its quotes (RFC 9110, 8.8.3). */
  readonly etag: string
  /** Of a list: the cursor of the next page. */
  readonly next?: string
}
