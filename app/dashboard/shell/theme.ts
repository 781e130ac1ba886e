/** Light, dark, or as the system is. theme.js applies the choice before the first paint. */

import { create } from 'zustand'

export type Theme = 'system' | 'light' | 'dark'

const key = 'sluice.theme'
const chosen = document.documentElement.dataset.theme

export const useTheme = create<{ theme: Theme }>(() => ({
  theme: chosen === 'light' || chosen === 'dark' ? chosen : 'system',
}))

export function chooseTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  try {
    localStorage.setItem(key, theme)
  } catch {
    // Storage is closed: the choice holds until the page is left.
  }
  useTheme.setState({ theme })
}
