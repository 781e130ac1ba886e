/** A list of the API in a card of its own: the table, and below it what asks for the next page while there is one. */

import type { CursorList } from '#dashboard/api/cursor-list.ts'
import { Button } from './button.tsx'
import { Card } from './layout.tsx'
import css from './table.module.css'
import { Table, type TableProps } from './table.tsx'

interface ListTableProps<Row> extends Omit<TableProps<Row>, 'rows' | 'error' | 'retry'> {
  readonly list: CursorList<Row>
}

export const ListTable = <Row,>({
  list: { rows, error, retry, more, isLoadingMore },
  ...table
}: ListTableProps<Row>) => (
  <Card isFlush>
    <Table {...table} rows={rows} error={error} retry={retry} />
    {more && (
      <div className={css.foot}>
        <Button onClick={more} isBusy={isLoadingMore}>
          Show more
        </Button>
      </div>
    )}
  </Card>
)
