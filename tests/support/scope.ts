/** What support needs of a test: a place to give things back. Every tap test is one. */
export interface Scope {
  teardown(callback: () => unknown): unknown
}
