/** What a statement brought, where it is known how much that is. */

/** Of a statement that always returns its one row. */
export function onlyRow<Row>(rows: readonly Row[]): Row {
  const [row] = rows
  if (row === undefined) throw new Error('a statement that returns its row returned none')
  return row
}
