import { Button } from './button.tsx'
import css from './table.module.css'

interface MoreProps {
  readonly more: (() => void) | undefined
  readonly isLoadingMore: boolean
}

/** The foot of a list that goes on. */
export const More = ({ more, isLoadingMore }: MoreProps) =>
  more && (
    <div className={css.foot}>
      <Button onClick={more} isBusy={isLoadingMore}>
        Show more
      </Button>
    </div>
  )
