import { Icon, type IconName } from '#dashboard/components/icon.tsx'
import { chooseTheme, type Theme, useTheme } from './theme.ts'
import css from './theme-switch.module.css'

const themes: readonly (readonly [Theme, string, IconName])[] = [
  ['light', 'Light', 'sun'],
  ['system', 'As the system', 'system'],
  ['dark', 'Dark', 'moon'],
]

export function ThemeSwitch() {
  const { theme } = useTheme()
  return (
    <fieldset className={css.switch}>
      <legend className="spoken">Colours</legend>
      {themes.map(([value, label, icon]) => (
        <label key={value} title={label}>
          <input
            type="radio"
            name="theme"
            value={value}
            checked={theme === value}
            onChange={() => chooseTheme(value)}
            aria-label={label}
          />
          <Icon name={icon} size={16} />
        </label>
      ))}
    </fieldset>
  )
}
