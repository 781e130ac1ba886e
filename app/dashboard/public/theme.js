// Before the first paint, and a file of its own because the policy allows no inline script: a chosen theme must not flash.
try {
  const chosen = localStorage.getItem('sluice.theme')
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
} catch {
  // Storage is closed: the system's preference holds.
}
