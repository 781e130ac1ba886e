import type { ButtonHTMLAttributes, ReactNode } from 'react'
import css from './button.module.css'
import { Icon, type IconName } from './icon.tsx'

type Native = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'type'>

export interface ButtonProps extends Native {
  readonly children: ReactNode
  readonly icon?: IconName
  /** `primary` at most once a page; `danger` for what destroys. */
  readonly look?: 'primary' | 'plain' | 'quiet' | 'danger'
  readonly isBusy?: boolean
  readonly type?: 'button' | 'submit'
}

export function Button({
  children,
  icon,
  look = 'plain',
  isBusy = false,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={css.button}
      data-look={look}
      aria-busy={isBusy}
      disabled={isBusy || rest.disabled}
    >
      {isBusy ? <span className={css.spinner} aria-hidden="true" /> : icon && <Icon name={icon} size={16} />}
      <span>{children}</span>
    </button>
  )
}

export interface IconButtonProps extends Native {
  readonly icon: IconName
  /** What it does, read aloud and shown on hover. */
  readonly label: string
}

export function IconButton({ icon, label, ...rest }: IconButtonProps) {
  return (
    <button {...rest} type="button" className={css.iconButton} aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  )
}

/** A link that looks like a button: it leads somewhere, it does nothing. */
export function ButtonLink({
  href,
  children,
  icon,
  look = 'plain',
}: Pick<ButtonProps, 'children' | 'icon' | 'look'> & { readonly href: string }) {
  return (
    <a href={href} className={css.button} data-look={look}>
      {icon && <Icon name={icon} size={16} />}
      <span>{children}</span>
    </a>
  )
}
