export interface Finding {
  readonly subject: string
  readonly fact: string
  /** What to do; without it all is well. */
  readonly fix?: string
}
