/** Takes away everything that is over, in steps that hold no lock for long: a backlog must not outlive its chore. */

import type { Database } from '#kernel/database.ts'

/**
 * Runs `statement` until it finds no more. It is to delete as many rows as its last argument says, passing over those
 * that another replica deletes at the moment (`for update skip locked`), and to return one row for each.
 */
export async function deleteInSteps(
  // Not a session: whoever cleans up would else hand over the one whose statements are reads.
  { autocommit }: Pick<Database, 'autocommit'>,
  statement: string,
  args: readonly unknown[],
  step = 1_000,
): Promise<void> {
  for (;;) {
    const gone = await autocommit.text(statement, [...args, step])
    if (gone.length < step) return
  }
}
