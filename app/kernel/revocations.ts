/** Revocations kept outside the database, for the time it cannot be asked (P10). */

export interface Revocations {
  /** Revokes what subjects such as `user:7`, `session:12` or `role:editor` stand behind. Never rejects: the database knows too. */
  add(subjects: readonly string[]): Promise<void>
  /**
   * Whether any subject was revoked at or after `issuedAt` (Unix milliseconds).
   * @throws {AppError} `dependency_unavailable` when that cannot be told.
   */
  isRevoked(subjects: readonly string[], issuedAt: number): Promise<boolean>
}
